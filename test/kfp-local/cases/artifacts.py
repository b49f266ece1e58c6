"""Artifacts are written, read, copied, and carry metadata."""

from kfp import dsl
from kfp.dsl import Dataset, Input, Metrics, Model, Output


@dsl.component(install_kfp_package=False)
def prepare(rows: int, data: Output[Dataset]):
    with open(data.path, "w") as file:
        file.write("\n".join(str(row) for row in range(rows)))
    data.metadata["rows"] = rows
    data.metadata["columns"] = ["a", "b"]


@dsl.component(install_kfp_package=False)
def train(data: Input[Dataset], model: Output[Model], metrics: Output[Metrics]):
    lines = open(data.path).read().split("\n")
    with open(model.path, "w") as file:
        file.write("model of %d, %s" % (len(lines), data.metadata["columns"]))
    model.metadata["framework"] = "none"
    metrics.log_metric("accuracy", 0.5 + data.metadata["rows"] / 100)


@dsl.component(install_kfp_package=False)
def describe(model: Input[Model], metrics: Input[Metrics], data: Input[Dataset]) -> str:
    kinds = [type(one).__name__ for one in (model, metrics, data)]
    return "%s %s %s %s" % (kinds, open(model.path).read(), metrics.metadata["accuracy"], model.metadata["framework"])


@dsl.pipeline(name="artifacts")
def pipeline(rows: int = 4) -> str:
    data = prepare(rows=rows).outputs["data"]
    trained = train(data=data)
    return describe(model=trained.outputs["model"], metrics=trained.outputs["metrics"], data=data).output
