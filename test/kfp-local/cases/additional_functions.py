"""A component brings functions of its module along, and keeps state in its own process."""

from kfp import dsl


def twice(n: int) -> int:
    return 2 * n


def thrice(n: int) -> int:
    return n + twice(n)


@dsl.component(install_kfp_package=False, additional_funcs=[twice, thrice])
def compute(n: int) -> int:
    import builtins
    import os

    # Another task must not see this.
    fresh = not hasattr(builtins, "seen") and "SEEN" not in os.environ
    builtins.seen = True
    os.environ["SEEN"] = "1"
    return thrice(n) if fresh else -1


@dsl.pipeline(name="additional-functions")
def pipeline(n: int = 2) -> int:
    return compute(n=compute(n=n).output).output
