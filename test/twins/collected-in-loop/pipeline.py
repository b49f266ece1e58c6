from typing import List

from kfp import dsl


@dsl.component
def double(n: int, m: int) -> int:
    return n * m


@dsl.component
def total(ns: List[int], n: int) -> int:
    return sum(ns)


@dsl.pipeline(name='collected-in-loop')
def twin(ns: List[int], ms: List[int] = [3, 4]) -> List[int]:
    with dsl.ParallelFor(ns) as n:
        with dsl.ParallelFor(ms) as m:
            doubled = double(n=n, m=m)
        inside = total(ns=dsl.Collected(doubled.output), n=n)
        with dsl.If(inside.output > n):
            double(n=inside.output, m=n)
    outside = total(ns=dsl.Collected(inside.output), n=0)
    double(n=outside.output, m=1)
    return dsl.Collected(inside.output)
