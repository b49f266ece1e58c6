from typing import List

from kfp import dsl


@dsl.component
def make(n: int) -> int:
    return n


@dsl.component
def total(values: List[int]) -> int:
    return 1


@dsl.component
def say(text: str):
    pass


@dsl.component
def finish(n: int):
    pass


@dsl.pipeline(name='inner')
def inner(sizes: List[int], limit: int = 3) -> int:
    with dsl.ParallelFor(sizes) as size:
        made = make(n=size)
    summed = total(values=dsl.Collected(made.output))
    with dsl.If(summed.output > limit):
        say(text=f'over {limit}')
    return summed.output


@dsl.pipeline(name='nested-with-groups')
def twin(limit: int = 5):
    done = inner(sizes=[1, 2], limit=limit)
    with dsl.If(done.output == 3):
        finish(n=done.output)
