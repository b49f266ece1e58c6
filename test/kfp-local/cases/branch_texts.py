"""Conditions on texts, booleans and several at once, with tasks that leave a file where they run."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def mark(folder: str, name: str) -> str:
    open(folder + "/" + name, "w").close()
    return name


@dsl.component(install_kfp_package=False)
def flag() -> bool:
    return True


@dsl.pipeline(name="branch-texts")
def pipeline(folder: str, kind: str = "red") -> str:
    last = mark(folder=folder, name="first")
    with dsl.If(kind == "red"):
        mark(folder=folder, name="is-red")
        with dsl.If(last.output != "first"):
            mark(folder=folder, name="never")
    with dsl.If(kind == "blue"):
        mark(folder=folder, name="is-blue")
    with dsl.If(flag().output == True):  # noqa: E712
        mark(folder=folder, name="is-true")
    return last.output


ARGUMENTS = {"folder": "FOLDER"}
