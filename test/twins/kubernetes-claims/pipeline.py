from kfp import dsl, kubernetes


@dsl.component
def step():
    pass


@dsl.pipeline(name='kubernetes-claims')
def twin(claim: str = 'given'):
    made = kubernetes.CreatePVC(access_modes=['ReadWriteOnce'], size='5Gi', pvc_name_suffix='-data')
    first = step()
    kubernetes.mount_pvc(first, pvc_name=made.outputs['name'], mount_path='/data')
    kubernetes.mount_pvc(first, pvc_name='fixed', mount_path='/fixed', sub_path='inner')
    second = step()
    kubernetes.mount_pvc(second, pvc_name=claim, mount_path='/given')
    kubernetes.DeletePVC(pvc_name=made.outputs['name']).after(first)
