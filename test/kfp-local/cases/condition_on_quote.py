"""A value that holds a quote is compared as it is."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def quote() -> str:
    return "it's"


@dsl.component(install_kfp_package=False)
def say(word: str) -> str:
    return word


@dsl.pipeline(name="condition-on-quote")
def pipeline() -> str:
    with dsl.If(quote().output == "its"):
        same = say(word="same")
    with dsl.Else():
        other = say(word="other")
    return dsl.OneOf(same.output, other.output)


EXPECTED = {"Output": "other"}
REASON = "kfp.local puts the value between quotes and evaluates that: no branch runs"
