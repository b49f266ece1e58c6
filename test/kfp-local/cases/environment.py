"""A task's variables are its own."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def look(name: str) -> str:
    import os

    return os.environ.get(name, "none")


@dsl.component(install_kfp_package=False)
def join(a: str, b: str) -> str:
    return a + " " + b


@dsl.pipeline(name="environment")
def pipeline() -> str:
    first = look(name="MINE").set_env_variable("MINE", "a b$c'd\"")
    second = look(name="MINE").set_caching_options(False).after(first)
    return join(a=first.output, b=second.output).output
