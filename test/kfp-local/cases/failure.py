"""What depends on a task that fails does not run."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def fail(n: int) -> int:
    raise ValueError("this one fails")


@dsl.component(install_kfp_package=False)
def never(n: int, folder: str) -> int:
    open(folder + "/ran", "w").close()
    return n


@dsl.pipeline(name="failure")
def pipeline(folder: str, n: int = 1) -> int:
    return never(n=fail(n=n).output, folder=folder).output


ARGUMENTS = {"folder": "FOLDER"}
FAILS = "this one fails"
