"""A loop over a list that is written down; results are collected in order."""

from typing import List

from kfp import dsl


@dsl.component(install_kfp_package=False)
def square(n: int) -> int:
    return n * n


@dsl.component(install_kfp_package=False)
def join(numbers: List[int]) -> str:
    return ",".join(str(int(number)) for number in numbers)


@dsl.pipeline(name="loop-literal")
def pipeline() -> str:
    with dsl.ParallelFor([3, 1, 2]) as n:
        squared = square(n=square(n=n).output)
    return join(numbers=dsl.Collected(squared.output)).output
