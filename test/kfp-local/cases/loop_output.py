"""A loop over what a task gives."""

from typing import List

from kfp import dsl


@dsl.component(install_kfp_package=False)
def words(n: int) -> List[str]:
    return ["w%d" % i for i in range(n)]


@dsl.component(install_kfp_package=False)
def length(word: str) -> int:
    return len(word)


@dsl.component(install_kfp_package=False)
def total(numbers: List[int]) -> int:
    return int(sum(numbers))


@dsl.pipeline(name="loop-output")
def pipeline(n: int = 11) -> int:
    with dsl.ParallelFor(words(n=n).output) as word:
        one = length(word=word)
    return total(numbers=dsl.Collected(one.output)).output
