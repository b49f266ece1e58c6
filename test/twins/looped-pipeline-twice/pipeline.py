from typing import List

from kfp import dsl


@dsl.component
def step(n: int) -> int:
    return n


@dsl.component
def total(ns: List[int]) -> int:
    return sum(ns)


@dsl.pipeline(name='each')
def each(ns: List[int], least: int = 0) -> int:
    with dsl.ParallelFor(ns) as n:
        stepped = step(n=n)
        with dsl.If(stepped.output > least):
            step(n=n)
    return total(ns=dsl.Collected(stepped.output)).output


@dsl.pipeline(name='looped-pipeline-twice')
def twin(ns: List[int] = [1, 2]) -> int:
    first = each(ns=ns)
    with dsl.ParallelFor([5, 6]) as least:
        each(ns=ns, least=least)
    return each(ns=[3, 4], least=first.output).output
