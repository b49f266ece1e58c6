from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(n: int, data: Output[Dataset]):
    pass


@dsl.component
def join(parts: Input[List[Dataset]]):
    pass


@dsl.pipeline(name='collected-artifacts-further-in')
def twin(flag: bool = True):
    with dsl.ParallelFor([1, 2]) as n:
        made = make(n=n)
    with dsl.If(flag == True):
        join(parts=dsl.Collected(made.outputs['data']))
