"""A task runs although the one before it failed."""

from kfp import dsl
from kfp.dsl import PipelineTaskFinalStatus


@dsl.component(install_kfp_package=False)
def work() -> int:
    raise RuntimeError("no luck")


@dsl.component(install_kfp_package=False)
def clean(folder: str, status: PipelineTaskFinalStatus):
    with open(folder + "/cleaned", "w") as file:
        file.write(status.state)


@dsl.pipeline(name="ignored-failure")
def pipeline(folder: str):
    failed = work()
    clean(folder=folder).after(failed).ignore_upstream_failure()


ARGUMENTS = {"folder": "FOLDER"}
FAILS = "no luck"
