from kfp import dsl, kubernetes


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='claim-around')
def twin(size: str = '5Gi'):
    claim = kubernetes.CreatePVC(pvc_name_suffix='-data', access_modes=['ReadWriteMany'], size=size,
                                 storage_class_name='standard')
    with dsl.ParallelFor(['a', 'b'], name='users') as name:
        task = use(text=name)
        kubernetes.mount_pvc(task, pvc_name=claim.outputs['name'], mount_path='/data')
        with dsl.If(name == 'a'):
            task = use(text='a again')
            kubernetes.mount_pvc(task, pvc_name=claim.outputs['name'], mount_path='/data', sub_path='a')
    after = use(text='last')
    kubernetes.mount_pvc(after, pvc_name=claim.outputs['name'], mount_path='/data')
    kubernetes.DeletePVC(pvc_name=claim.outputs['name']).after(after)
