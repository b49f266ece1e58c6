from typing import List

from kfp import dsl


@dsl.component
def square(n: int) -> int:
    return n * n


@dsl.component
def say(text: str):
    pass


@dsl.pipeline(name='loop-parameter')
def twin(sizes: List[int] = [1, 2], names: List[str] = ['a']) -> List[int]:
    with dsl.ParallelFor(sizes) as n:
        squared = square(n=n)
    with dsl.ParallelFor(names) as name:
        say(text=name)
    return dsl.Collected(squared.output)
