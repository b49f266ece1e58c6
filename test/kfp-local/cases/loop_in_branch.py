"""A loop in a branch, and a branch in that loop."""

from typing import List

from kfp import dsl


@dsl.component(install_kfp_package=False)
def count() -> int:
    return 3


@dsl.component(install_kfp_package=False)
def mark(folder: str, name: str) -> str:
    open(folder + "/" + name, "w").close()
    return name


@dsl.pipeline(name="loop-in-branch")
def pipeline(folder: str, names: List[str] = ["a", "b", "c"]):
    with dsl.If(count().output > 2):
        with dsl.ParallelFor(names) as name:
            with dsl.If(name == "b"):
                mark(folder=folder, name="b-found")
            with dsl.If(name != "b"):
                mark(folder=folder, name=name)


ARGUMENTS = {"folder": "FOLDER"}
