"""A number with a fraction is compared with one without."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def half(n: int) -> float:
    return n / 2


@dsl.component(install_kfp_package=False)
def say(word: str) -> str:
    return word


@dsl.pipeline(name="condition-on-float")
def pipeline(n: int = 11) -> str:
    halved = half(n=n)
    with dsl.If(halved.output > 5):
        more = say(word="more")
    with dsl.Else():
        less = say(word="less")
    return dsl.OneOf(more.output, less.output)


EXPECTED = {"Output": "more"}
REASON = "kfp.local cannot evaluate double(5), takes both conditions for false and skips both branches"
