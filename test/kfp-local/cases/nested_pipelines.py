"""A pipeline is a task of another, twice, with parameters and artifacts through it."""

from typing import NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component(install_kfp_package=False)
def add(a: int, b: int) -> int:
    return a + b


@dsl.component(install_kfp_package=False)
def save(n: int, data: Output[Dataset]):
    with open(data.path, "w") as file:
        file.write(str(n))


@dsl.component(install_kfp_package=False)
def load(data: Input[Dataset]) -> int:
    return int(open(data.path).read())


@dsl.pipeline(name="inner")
def inner(n: int, by: int = 10) -> NamedTuple("outputs", total=int, data=Dataset):
    total = add(a=n, b=by)
    saved = save(n=total.output)
    outputs = NamedTuple("outputs", total=int, data=Dataset)
    return outputs(total=total.output, data=saved.outputs["data"])


@dsl.pipeline(name="middle")
def middle(n: int) -> int:
    first = inner(n=n)
    second = inner(n=first.outputs["total"], by=100)
    return add(a=load(data=first.outputs["data"]).output, b=load(data=second.outputs["data"]).output).output


@dsl.pipeline(name="nested-pipelines")
def pipeline(n: int = 1) -> int:
    return middle(n=n).output
