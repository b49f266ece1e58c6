from typing import List

from kfp import dsl


@dsl.component
def double(n: int) -> int:
    return n * 2


@dsl.component
def use(n: int):
    pass


@dsl.component
def same(ns: List[int]) -> List[int]:
    return ns


@dsl.pipeline(name='collected-into-loop')
def twin():
    with dsl.ParallelFor([1, 2, 3]) as n:
        doubled = double(n=n)
    all = same(ns=dsl.Collected(doubled.output))
    with dsl.ParallelFor(all.output, name='again', parallelism=1) as n:
        use(n=n)
