from typing import List

from kfp import dsl


@dsl.component
def say(n: int) -> int:
    return n


@dsl.component
def total(ns: List[int]):
    pass


@dsl.pipeline(name='collected-of-oneof')
def twin():
    with dsl.ParallelFor([1, 2]) as n:
        with dsl.If(n > 1):
            large = say(n=n)
        with dsl.Else():
            small = say(n=0)
        one = dsl.OneOf(large.output, small.output)
    total(ns=dsl.Collected(one))
