from typing import Dict, List

from kfp import dsl
from kfp.dsl import ContainerSpec, Dataset, Input, PipelineTaskFinalStatus


@dsl.component
def step(n: int) -> int:
    return n


@dsl.component
def report(status: PipelineTaskFinalStatus, names: List[str], rate: float, settings: Dict[str, str], data: Input[Dataset]):
    pass


@dsl.container_component
def sweep(folder: str, n: int = None):
    return ContainerSpec(image='alpine', command=['rm', '-r'], args=[folder])


@dsl.pipeline(name='exit-tasks-of-each-kind')
def twin(data: Input[Dataset], folder: str, names: List[str] = ['a'], rate: float = 0.5):
    told = report(names=names, rate=rate, settings={'folder': f'in {folder}'}, data=data)
    swept = sweep(folder=folder).set_caching_options(False)
    with dsl.ExitHandler(told):
        step(n=1)
    with dsl.ExitHandler(swept, name='sweep'):
        with dsl.If(rate > 0.5):
            step(n=2)
