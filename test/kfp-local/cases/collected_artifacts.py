"""Artifacts of a loop are one list, in order, with their metadata."""

from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component(install_kfp_package=False)
def make(n: int, data: Output[Dataset]):
    with open(data.path, "w") as file:
        file.write("row %d" % n)
    data.metadata["n"] = n


@dsl.component(install_kfp_package=False)
def join(all: Input[List[Dataset]]) -> str:
    return "|".join("%s %d" % (open(one.path).read(), one.metadata["n"]) for one in all)


@dsl.pipeline(name="collected-artifacts")
def pipeline() -> str:
    with dsl.ParallelFor([3, 1, 2]) as n:
        made = make(n=n)
    return join(all=dsl.Collected(made.outputs["data"])).output
