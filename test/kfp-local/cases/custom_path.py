"""An artifact's content lies where the component says."""

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component(install_kfp_package=False)
def make(data: Output[Dataset]):
    import os

    other = os.path.join(os.path.dirname(data.path), "elsewhere.csv")
    data.set_path(other)
    with open(other, "w") as file:
        file.write("elsewhere")


@dsl.component(install_kfp_package=False)
def read(data: Input[Dataset]) -> str:
    return open(data.path).read()


@dsl.pipeline(name="custom-path")
def pipeline() -> str:
    return read(data=make().outputs["data"]).output


EXPECTED = {"Output": "elsewhere"}
REASON = "kfp.local drops custom_path between tasks: the reader looks at the path that was never written"
