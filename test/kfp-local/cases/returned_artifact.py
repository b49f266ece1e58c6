"""A component makes its artifact itself and returns it."""

from kfp import dsl
from kfp.dsl import Dataset, Input


@dsl.component(install_kfp_package=False)
def make() -> Dataset:
    data = Dataset(uri=dsl.get_uri(), metadata={"by": "hand"})
    with open(data.path, "w") as file:
        file.write("by hand")
    return data


@dsl.component(install_kfp_package=False)
def read(data: Input[Dataset]) -> str:
    return open(data.path).read() + data.metadata["by"]


@dsl.pipeline(name="returned-artifact")
def pipeline() -> str:
    return read(data=make().output).output
