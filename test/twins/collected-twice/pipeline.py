from typing import List, NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(n: int, data: Output[Dataset]) -> NamedTuple('Out', [('count', int), ('name', str)]):
    return (n, 'x')


@dsl.component
def join(parts: Input[List[Dataset]], names: List[str], data: Output[Dataset]):
    pass


@dsl.component
def add(ns: List[int]):
    pass


@dsl.pipeline(name='collected-twice')
def twin():
    with dsl.ParallelFor([1, 2]) as n:
        made = make(n=n)
    joined = join(parts=dsl.Collected(made.outputs['data']), names=dsl.Collected(made.outputs['name']))
    join(parts=dsl.Collected(made.outputs['data']), names=dsl.Collected(made.outputs['name'])).after(joined)
    add(ns=dsl.Collected(made.outputs['count']))
