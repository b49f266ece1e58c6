"""A loop over a parameter, one at a time."""

from typing import List

from kfp import dsl


@dsl.component(install_kfp_package=False)
def shout(word: str, end: str) -> str:
    return word.upper() + end


@dsl.component(install_kfp_package=False)
def join(words: List[str]) -> str:
    return " ".join(words)


@dsl.pipeline(name="loop-parameter")
def pipeline(words: List[str] = ["a", "b"], end: str = "!") -> str:
    with dsl.ParallelFor(words, parallelism=1) as word:
        shouted = shout(word=word, end=end)
    return join(words=dsl.Collected(shouted.output)).output


ARGUMENTS = {"words": ["x", "y", "z"]}
