from kfp import dsl, kubernetes


@dsl.component
def step():
    pass


@dsl.pipeline(name='kubernetes-folders')
def twin():
    task = step()
    kubernetes.empty_dir_mount(task, volume_name='scratch', mount_path='/scratch')
    kubernetes.empty_dir_mount(task, volume_name='memory', mount_path='/memory', medium='Memory', size_limit='1Gi')
    kubernetes.add_ephemeral_volume(task, volume_name='one', mount_path='/one', access_modes=['ReadWriteOnce'], size='5Gi')
    kubernetes.add_ephemeral_volume(task, volume_name='two', mount_path='/two', access_modes=['ReadWriteMany'], size='1Gi',
                                    storage_class_name='fast', labels={'l': '1'}, annotations={'a': '2'})
