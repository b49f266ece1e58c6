from typing import List

from kfp import dsl


@dsl.component
def split(n: int) -> List[int]:
    return [n]


@dsl.component
def use(n: int, m: int):
    pass


@dsl.pipeline(name='loop-branch-loop')
def twin(ns: List[int] = [1, 2], least: int = 1):
    with dsl.ParallelFor(ns, parallelism=2) as n:
        made = split(n=n)
        with dsl.If(n > least):
            with dsl.ParallelFor(made.output) as m:
                use(n=n, m=m)
