"""A task runs after others that failed, and is told so; the run fails."""

from kfp import dsl
from kfp.dsl import PipelineTaskFinalStatus


@dsl.component(install_kfp_package=False)
def last(folder: str, status: PipelineTaskFinalStatus):
    with open(folder + "/last", "w") as file:
        file.write("%s %s" % (status.state, status.pipeline_task_name))


@dsl.component(install_kfp_package=False)
def work(n: int) -> int:
    raise RuntimeError("no luck")


@dsl.pipeline(name="exit-after-failure")
def pipeline(folder: str):
    with dsl.ExitHandler(last(folder=folder)):
        work(n=1)


ARGUMENTS = {"folder": "FOLDER"}
FAILS = "no luck"
