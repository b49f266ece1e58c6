from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.container_component
def make(n: int, rows: Output[Dataset], count: dsl.OutputPath(int)):
    return dsl.ContainerSpec(image='busybox', args=[n, rows.path, count])


@dsl.container_component
def merge(parts: Input[List[Dataset]], counts: List[int], whole: Output[Dataset]):
    return dsl.ContainerSpec(image='busybox', args=['--parts', parts, '--counts', counts, whole.path])


@dsl.pipeline(name='container-collected')
def twin(ns: List[int] = [1, 2]):
    with dsl.ParallelFor(ns) as n:
        made = make(n=n)
    merge(parts=dsl.Collected(made.outputs['rows']), counts=dsl.Collected(made.outputs['count']))
