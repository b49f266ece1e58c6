from typing import List

from kfp import dsl


@dsl.component
def take(n: int):
    pass


@dsl.component
def make(n: int) -> int:
    return n


@dsl.pipeline(name='condition-in-loop')
def twin(limit: int = 3, sizes: List[int] = [1]):
    with dsl.ParallelFor([1, 2]) as n:
        made = make(n=n)
        with dsl.If(n == 1):
            take(n=limit)
        with dsl.If(made.output > limit):
            take(n=n)
    with dsl.ParallelFor(sizes) as size:
        with dsl.If(size != limit):
            take(n=size)
