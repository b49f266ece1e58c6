from typing import List

from kfp import dsl


@dsl.component
def make(n: int) -> int:
    return n


@dsl.component
def total(values: List[int]):
    pass


@dsl.pipeline(name='collect-from-condition')
def twin():
    with dsl.ParallelFor([1, 2, 3]) as n:
        with dsl.If(n > 1):
            made = make(n=n)
    total(values=dsl.Collected(made.output))
