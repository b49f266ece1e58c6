from kfp import dsl
from kfp.dsl import Dataset, Output


@dsl.container_component
def make(n: int, rows: Output[Dataset], last: dsl.OutputPath(str)):
    return dsl.ContainerSpec(image='busybox', command=['sh', '-c', f'seq {n} > {rows.path}; tail -1 {rows.path} > {last}'])


@dsl.container_component
def say(text: str):
    return dsl.ContainerSpec(image='busybox', args=['echo', text])


@dsl.pipeline(name='container-loop')
def twin(limit: int = 3):
    with dsl.ParallelFor([1, 2, 3], parallelism=2) as n:
        made = make(n=n)
        with dsl.If(made.outputs['last'] == '3'):
            say(text=f'last is {made.outputs["last"]}')
        with dsl.Else():
            say(text='none')
