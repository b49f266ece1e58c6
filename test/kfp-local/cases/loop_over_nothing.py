"""A loop over an empty list runs nothing, and collects an empty list."""

from typing import List

from kfp import dsl


@dsl.component(install_kfp_package=False)
def nothing() -> List[int]:
    return []


@dsl.component(install_kfp_package=False)
def same(n: int) -> int:
    return n


@dsl.component(install_kfp_package=False)
def count(numbers: List[int]) -> int:
    return len(numbers)


@dsl.pipeline(name="loop-over-nothing")
def pipeline() -> int:
    with dsl.ParallelFor(nothing().output) as n:
        one = same(n=n)
    return count(numbers=dsl.Collected(one.output)).output


EXPECTED = {"Output": 0}
REASON = "kfp.local collects nothing at all of an empty loop, and the task after it lacks its input"
