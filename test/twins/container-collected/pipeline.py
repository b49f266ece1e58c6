from typing import List

from kfp import dsl
from kfp.dsl import ContainerSpec, Dataset, Input, Output, OutputPath


@dsl.container_component
def make(n: int, path: OutputPath(str), data: Output[Dataset]):
    return ContainerSpec(image='alpine', args=[f'{n}', path, data.uri, data.metadata['kind']])


@dsl.container_component
def join(parts: Input[List[Dataset]], paths: list):
    return ContainerSpec(image='alpine', args=[parts, paths])


@dsl.pipeline(name='container-collected')
def twin(ns: List[int] = [1, 2]):
    with dsl.ParallelFor(ns) as n:
        made = make(n=n)
    join(parts=dsl.Collected(made.outputs['data']), paths=dsl.Collected(made.outputs['path']))
