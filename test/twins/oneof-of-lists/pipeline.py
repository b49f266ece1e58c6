from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(n: int, data: Output[Dataset]):
    pass


@dsl.component
def join(parts: Input[List[Dataset]]):
    pass


@dsl.component
def names(n: int) -> List[str]:
    return []


@dsl.component
def use(texts: List[str]):
    pass


@dsl.pipeline(name='parts')
def parts(ns: List[int]) -> List[Dataset]:
    with dsl.ParallelFor(ns) as n:
        made = make(n=n)
    return dsl.Collected(made.outputs['data'])


@dsl.pipeline(name='oneof-of-lists')
def twin(few: bool = True):
    with dsl.If(few == True):
        first = parts(ns=[1])
        first_names = names(n=1)
    with dsl.Else():
        second = parts(ns=[1, 2, 3])
        second_names = names(n=3)
    join(parts=dsl.OneOf(first.output, second.output))
    use(texts=dsl.OneOf(first_names.output, second_names.output))
