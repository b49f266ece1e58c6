"""If, elif and else: one branch runs, and one value comes out."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def roll(n: int) -> int:
    return n % 3


@dsl.component(install_kfp_package=False)
def say(word: str) -> str:
    return word + "!"


@dsl.pipeline(name="choose")
def choose(n: int) -> str:
    rolled = roll(n=n)
    with dsl.If(rolled.output == 0):
        zero = say(word="zero")
    with dsl.Elif(rolled.output == 1):
        one = say(word="one")
    with dsl.Else():
        other = say(word="other")
    return dsl.OneOf(zero.output, one.output, other.output)


@dsl.component(install_kfp_package=False)
def join(a: str, b: str, c: str) -> str:
    return " ".join([a, b, c])


@dsl.pipeline(name="branches")
def pipeline() -> str:
    return join(a=choose(n=3).output, b=choose(n=4).output, c=choose(n=5).output).output
