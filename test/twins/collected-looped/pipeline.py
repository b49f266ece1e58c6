from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(n: int, data: Output[Dataset]) -> str:
    return 'x'


@dsl.component
def use(data: Input[Dataset], title: str):
    pass


@dsl.pipeline(name='each')
def each(parts: Input[List[Dataset]], title: str = 'none'):
    with dsl.ParallelFor(parts, parallelism=3) as data:
        use(data=data, title=title)


@dsl.pipeline(name='collected-looped')
def twin():
    with dsl.ParallelFor([1, 2]) as n:
        made = make(n=n)
    each(parts=dsl.Collected(made.outputs['data']))
