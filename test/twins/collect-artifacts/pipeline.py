from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(n: int, data: Output[Dataset]):
    pass


@dsl.component
def merge(parts: Input[List[Dataset]]):
    pass


@dsl.pipeline(name='collect-artifacts')
def twin() -> List[Dataset]:
    with dsl.ParallelFor([1, 2]) as n:
        made = make(n=n)
    merge(parts=dsl.Collected(made.outputs['data']))
    return dsl.Collected(made.outputs['data'])
