"""A loop over an output that has a name of its own."""

from typing import List, NamedTuple

from kfp import dsl


@dsl.component(install_kfp_package=False)
def names() -> NamedTuple("outputs", names=List[str]):
    return (["a", "b"],)


@dsl.component(install_kfp_package=False)
def twice(name: str) -> str:
    return name + name


@dsl.component(install_kfp_package=False)
def join(names: List[str]) -> str:
    return " ".join(names)


@dsl.pipeline(name="loop-named-output")
def pipeline() -> str:
    with dsl.ParallelFor(names().outputs["names"]) as name:
        doubled = twice(name=name)
    return join(names=dsl.Collected(doubled.output)).output


EXPECTED = {"Output": "aa bb"}
REASON = "kfp.local looks for outputs that are called Output: 'Parent pipeline input argument ... not found'"
