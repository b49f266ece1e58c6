from typing import List

from kfp import dsl


@dsl.component
def double(n: int) -> int:
    return n * 2


@dsl.component
def add(ns: List[int]) -> int:
    return sum(ns)


@dsl.pipeline(name='collected-in-branch')
def twin(mode: str = 'full', ns: List[int] = [1, 2]):
    with dsl.If(mode == 'full'):
        with dsl.ParallelFor(ns) as n:
            doubled = double(n=n)
        all = add(ns=dsl.Collected(doubled.output))
        double(n=all.output)
