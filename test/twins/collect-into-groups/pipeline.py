from typing import List

from kfp import dsl


@dsl.component
def make(n: int) -> int:
    return n


@dsl.component
def total(values: List[int]):
    pass


@dsl.component
def pick(values: List[int], n: int):
    pass


@dsl.pipeline(name='collect-into-groups')
def twin(x: int = 1):
    with dsl.ParallelFor([1, 2]) as n:
        with dsl.ParallelFor([3]) as m:
            made = make(n=m)
    with dsl.If(x == 1):
        total(values=dsl.Collected(made.output))
        with dsl.ParallelFor([9]) as k:
            pick(values=dsl.Collected(made.output), n=k)
