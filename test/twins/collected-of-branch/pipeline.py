from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(n: int, data: Output[Dataset]) -> int:
    return n


@dsl.component
def join(ns: List[int], parts: Input[List[Dataset]]):
    pass


@dsl.pipeline(name='collected-of-branch')
def twin(ns: List[int], least: int = 2):
    with dsl.ParallelFor(ns) as n:
        with dsl.If(n > least):
            large = make(n=n)
    with dsl.ParallelFor(ns) as n:
        with dsl.If(n <= least):
            with dsl.ParallelFor([1, 2]) as m:
                small = make(n=m)
    join(ns=dsl.Collected(large.outputs['Output']), parts=dsl.Collected(small.outputs['data']))
