from typing import List

from kfp import dsl


@dsl.component
def square(n: int) -> int:
    return n * n


@dsl.component
def total(values: List[int]) -> int:
    return sum(values)


@dsl.pipeline(name='collect-parameters')
def twin(sizes: List[int] = [1, 2]) -> int:
    with dsl.ParallelFor(sizes) as n:
        squared = square(n=n)
        again = square(n=squared.output)
    total(values=dsl.Collected(again.output))
    summed = total(values=dsl.Collected(squared.output))
    return summed.output
