"""A single condition on an output that has a name of its own."""

from typing import NamedTuple

from kfp import dsl


@dsl.component(install_kfp_package=False)
def measure() -> NamedTuple("outputs", score=int):
    return (7,)


@dsl.component(install_kfp_package=False)
def mark(folder: str, name: str) -> str:
    open(folder + "/" + name, "w").close()
    return name


@dsl.pipeline(name="condition-on-named-output")
def pipeline(folder: str):
    with dsl.If(measure().outputs["score"] > 5):
        mark(folder=folder, name="more")


ARGUMENTS = {"folder": "FOLDER"}
EXPECTED = {}
EXPECTED_FILES = ["more"]
REASON = "kfp.local looks for outputs that are called Output: the branch is left out without a word"
