from typing import List

from kfp import dsl


@dsl.component
def split(n: int) -> List[int]:
    return [n]


@dsl.component
def run(n: int, all: List[int]):
    pass


@dsl.pipeline(name='loop-over-output-of-loop')
def twin():
    with dsl.ParallelFor([1, 2]) as n:
        parts = split(n=n)
        with dsl.ParallelFor(parts.output) as part:
            run(n=part, all=parts.output)
            with dsl.If(part == n):
                run(n=part, all=[4])
