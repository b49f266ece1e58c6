"""Branches that give an artifact each: the one that ran gives the value."""

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component(install_kfp_package=False)
def make(word: str, data: Output[Dataset]):
    with open(data.path, "w") as file:
        file.write(word)


@dsl.component(install_kfp_package=False)
def read(data: Input[Dataset]) -> str:
    return open(data.path).read()


@dsl.pipeline(name="one-of-artifacts")
def pipeline(big: bool = True) -> str:
    with dsl.If(big == True):  # noqa: E712
        large = make(word="large")
    with dsl.Else():
        small = make(word="small")
    return read(data=dsl.OneOf(large.outputs["data"], small.outputs["data"])).output


EXPECTED = {"Output": "large"}
REASON = "kfp.local: 'Expected 1 artifact in ArtifactSelectorSpec. Got: 2'"
