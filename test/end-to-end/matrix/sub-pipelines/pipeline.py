from typing import List

from kfp import dsl


def component(function):
    return dsl.component(function, base_image='matrix/python', install_kfp_package=False)


@component
def square(n: int) -> int:
    return n * n


@component
def total(values: List[int]) -> int:
    return sum(values)


@dsl.pipeline(name='squares')
def squares(values: List[int], at_most: int = 10) -> int:
    with dsl.ParallelFor(values) as value:
        squared = square(n=value)
    with dsl.If(at_most > 10):
        square(n=at_most)
    return total(values=dsl.Collected(squared.output)).output


@dsl.pipeline(name='sub-pipelines')
def main(lists: List[List[int]] = [[1, 2], [3]]) -> int:
    with dsl.ParallelFor(lists) as values:
        inner = squares(values=values)
    return total(values=dsl.Collected(inner.output)).output
