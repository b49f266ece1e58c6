"""A pipeline gives artifacts back, with content, type and metadata."""

from typing import NamedTuple

from kfp import dsl
from kfp.dsl import HTML, Dataset, Markdown, Output


@dsl.component(install_kfp_package=False)
def make(data: Output[Dataset], page: Output[HTML], notes: Output[Markdown]) -> int:
    for artifact, text in ((data, "1,2"), (page, "<b>hi</b>"), (notes, "# hi")):
        with open(artifact.path, "w") as file:
            file.write(text)
    data.metadata["n"] = 2
    return 7


@dsl.pipeline(name="artifact-outputs")
def pipeline() -> NamedTuple("outputs", data=Dataset, page=HTML, count=int):
    made = make()
    outputs = NamedTuple("outputs", data=Dataset, page=HTML, count=int)
    return outputs(data=made.outputs["data"], page=made.outputs["page"], count=made.outputs["Output"])
