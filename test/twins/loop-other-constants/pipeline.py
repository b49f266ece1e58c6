from typing import List

from kfp import dsl


@dsl.component
def flag(on: bool):
    pass


@dsl.component
def row(values: List[int]):
    pass


@dsl.pipeline(name='loop-other-constants')
def twin():
    with dsl.ParallelFor([True, False]) as on:
        flag(on=on)
    with dsl.ParallelFor([[1, 2], [3]]) as values:
        row(values=values)
