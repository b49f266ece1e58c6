"""A loop over objects, whose fields go to different inputs."""

from typing import List

from kfp import dsl


@dsl.component(install_kfp_package=False)
def line(word: str, end: str) -> str:
    return word + end


@dsl.component(install_kfp_package=False)
def join(lines: List[str]) -> str:
    return "|".join(lines)


@dsl.pipeline(name="loop-of-objects")
def pipeline() -> str:
    with dsl.ParallelFor([{"word": "a", "end": "."}, {"word": "b", "end": "!"}]) as item:
        one = line(word=item.word, end=item.end)
    return join(lines=dsl.Collected(one.output)).output
