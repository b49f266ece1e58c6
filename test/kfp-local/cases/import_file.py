"""A file of this machine is imported, with metadata."""

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component(install_kfp_package=False)
def write(folder: str) -> str:
    path = folder + "/imported.csv"
    with open(path, "w") as file:
        file.write("1,2,3")
    return path


@dsl.component(install_kfp_package=False)
def read(data: Input[Dataset]) -> str:
    return open(data.path).read() + " " + data.metadata["from"]


@dsl.pipeline(name="import-file")
def pipeline(folder: str) -> str:
    path = write(folder=folder)
    data = dsl.importer(
        artifact_uri=path.output, artifact_class=Dataset, metadata={"from": "here"}, reimport=False
    )
    return read(data=data.output).output


ARGUMENTS = {"folder": "FOLDER"}
