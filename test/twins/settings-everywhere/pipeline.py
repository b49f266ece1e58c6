from kfp import dsl, kubernetes


@dsl.component
def use(text: str):
    pass


@dsl.component
def use_inside(text: str):
    pass


def dressed(text, component=use):
    task = (component(text=text).set_cpu_limit('2').set_cpu_request('500m').set_memory_limit('2G').set_memory_request('512Mi')
            .set_accelerator_type('nvidia.com/gpu').set_accelerator_limit(2).set_env_variable('A', 'b'))
    kubernetes.use_secret_as_env(task, secret_name='s', secret_key_to_env={'k': 'K'})
    kubernetes.use_secret_as_volume(task, secret_name='s', mount_path='/s')
    kubernetes.use_config_map_as_env(task, config_map_name='c', config_map_key_to_env={'k': 'C'}, optional=True)
    kubernetes.use_config_map_as_volume(task, config_map_name='c', mount_path='/c')
    kubernetes.mount_pvc(task, pvc_name='p', mount_path='/p', sub_path='x')
    kubernetes.empty_dir_mount(task, volume_name='e', mount_path='/e', medium='Memory', size_limit='1Gi')
    kubernetes.add_ephemeral_volume(task, volume_name='v', mount_path='/v', access_modes=['ReadWriteOnce'], size='1Gi',
                                    storage_class_name='fast', labels={'l': 'x'}, annotations={'a': 'y'})
    kubernetes.add_node_selector(task, 'disk', 'ssd')
    kubernetes.add_node_affinity(task, match_expressions=[{'key': 'zone', 'operator': 'In', 'values': ['a', 'b']}])
    kubernetes.add_node_affinity(task, match_fields=[{'key': 'metadata.name', 'operator': 'NotIn', 'values': ['n']}], weight=5)
    kubernetes.add_toleration(task, key='gpu', operator='Equal', value='yes', effect='NoExecute', toleration_seconds=5)
    kubernetes.add_toleration(task, operator='Exists')
    kubernetes.use_field_path_as_env(task, 'POD', 'metadata.name')
    kubernetes.add_pod_label(task, 'l', 'x')
    kubernetes.add_pod_annotation(task, 'a', 'y')
    kubernetes.set_image_pull_policy(task, 'IfNotPresent')
    kubernetes.set_image_pull_secrets(task, ['r', 't'])
    kubernetes.set_security_context(task, run_as_user=1000, run_as_group=2000, run_as_non_root=True)
    kubernetes.set_timeout(task, 30)
    return task


@dsl.pipeline(name='inside')
def inside(text: str):
    dressed(text, use_inside)
    with dsl.If(text == 'a'):
        dressed(text, use_inside)


@dsl.pipeline(name='settings-everywhere')
def twin(text: str = 'a'):
    last = dressed('last')
    with dsl.ExitHandler(last):
        dressed(text)
        with dsl.ParallelFor(['a', 'b']) as item:
            dressed(item)
        with dsl.If(text == 'a'):
            dressed(text)
        with dsl.Else():
            dressed('else')
    inside(text=text)
