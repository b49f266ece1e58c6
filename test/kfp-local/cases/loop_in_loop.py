"""A loop in a loop: what is collected is a list of lists."""

from typing import List

from kfp import dsl


@dsl.component(install_kfp_package=False)
def pair(a: int, b: str) -> str:
    return "%s%d" % (b, a)


@dsl.component(install_kfp_package=False)
def join(lists: List[List[str]]) -> str:
    return "|".join(" ".join(inner) for inner in lists)


@dsl.pipeline(name="loop-in-loop")
def pipeline() -> str:
    with dsl.ParallelFor([1, 2]) as a:
        with dsl.ParallelFor(["x", "y", "z"]) as b:
            paired = pair(a=a, b=b)
    return join(lists=dsl.Collected(paired.output)).output
