"""A component returns several values and an artifact as a NamedTuple."""

from typing import NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input


@dsl.component(install_kfp_package=False)
def several(n: int) -> NamedTuple("outputs", count=int, name=str, ratio=float, data=Dataset):
    outputs = NamedTuple("outputs", count=int, name=str, ratio=float, data=Dataset)
    return outputs(n, "n%d" % n, n / 4, "some rows")


@dsl.component(install_kfp_package=False)
def join(count: int, name: str, ratio: float, data: Input[Dataset]) -> str:
    return "%d %s %s %s" % (count, name, ratio, open(data.path).read())


@dsl.pipeline(name="named-tuple")
def pipeline(n: int = 3) -> str:
    made = several(n=n)
    return join(
        count=made.outputs["count"],
        name=made.outputs["name"],
        ratio=made.outputs["ratio"],
        data=made.outputs["data"],
    ).output
