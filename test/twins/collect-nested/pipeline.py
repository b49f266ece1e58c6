from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(a: int, b: int, data: Output[Dataset]) -> int:
    return a


@dsl.component
def merge(values: list, parts: Input[List[Dataset]]):
    pass


@dsl.pipeline(name='collect-nested')
def twin():
    with dsl.ParallelFor([1, 2]) as a:
        with dsl.ParallelFor([3, 4]) as b:
            made = make(a=a, b=b)
        merge(values=dsl.Collected(made.outputs['Output']), parts=dsl.Collected(made.outputs['data']))
    merge(values=dsl.Collected(made.outputs['Output']), parts=dsl.Collected(made.outputs['data']))
