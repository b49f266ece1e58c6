"""A task runs after others, and is told how they ended."""

from kfp import dsl
from kfp.dsl import PipelineTaskFinalStatus


@dsl.component(install_kfp_package=False)
def last(folder: str, status: PipelineTaskFinalStatus):
    with open(folder + "/last", "w") as file:
        file.write("%s %s" % (status.state, status.pipeline_task_name))


@dsl.component(install_kfp_package=False)
def work(n: int) -> int:
    return n + 1


@dsl.pipeline(name="exit-after-success")
def pipeline(folder: str):
    with dsl.ExitHandler(last(folder=folder)):
        work(n=work(n=1).output)


ARGUMENTS = {"folder": "FOLDER"}
