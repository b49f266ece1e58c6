from kfp import dsl, kubernetes


@dsl.component
def step(n: int):
    pass


@dsl.pipeline(name='kubernetes-claim-loop')
def twin(claim: str = 'given'):
    made = kubernetes.CreatePVC(access_modes=['ReadWriteMany'], size='1Gi', pvc_name='shared')
    with dsl.ParallelFor([1, 2, 3]) as n:
        task = step(n=n)
        kubernetes.mount_pvc(task, pvc_name=made.outputs['name'], mount_path='/data')
        kubernetes.mount_pvc(task, pvc_name=claim, mount_path='/given', sub_path='x')
