from typing import List

from kfp import dsl


@dsl.component
def make(n: int) -> int:
    return n


@dsl.component
def total(values: List[int]) -> int:
    return 1


@dsl.pipeline(name='collect-within-loop')
def twin():
    with dsl.ParallelFor([1, 2]) as a:
        with dsl.ParallelFor([3, 4]) as b:
            made = make(n=b)
        summed = total(values=dsl.Collected(made.output))
        with dsl.If(summed.output > a):
            make(n=summed.output)
    total(values=dsl.Collected(summed.output))
