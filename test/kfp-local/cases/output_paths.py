"""Values are written to files that OutputPath names."""

from typing import Dict, List

from kfp import dsl
from kfp.dsl import InputPath, OutputPath


@dsl.component(install_kfp_package=False)
def write(
    text: OutputPath(str),
    count: OutputPath(int),
    ratio: OutputPath(float),
    truth: OutputPath(bool),
    items: OutputPath(List[int]),
    table: OutputPath(Dict[str, int]),
    data: OutputPath("Dataset"),
):
    import json

    contents = {text: "a\nb ", count: "3", ratio: "0.5", truth: "True", items: "[1, 2]", table: json.dumps({"k": 1}), data: "rows"}
    for path, content in contents.items():
        with open(path, "w") as file:
            file.write(content)


@dsl.component(install_kfp_package=False)
def read(
    text: str,
    count: int,
    ratio: float,
    truth: bool,
    items: List[int],
    table: Dict[str, int],
    data: InputPath("Dataset"),
) -> str:
    return "%r %d %s %s %d %d %s" % (text, count, ratio, truth, len(items), table["k"], open(data).read())


@dsl.pipeline(name="output-paths")
def pipeline() -> str:
    made = write()
    return read(
        text=made.outputs["text"],
        count=made.outputs["count"],
        ratio=made.outputs["ratio"],
        truth=made.outputs["truth"],
        items=made.outputs["items"],
        table=made.outputs["table"],
        data=made.outputs["data"],
    ).output
