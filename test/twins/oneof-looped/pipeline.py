from typing import List

from kfp import dsl


@dsl.component
def names(count: int) -> List[str]:
    return []


@dsl.component
def say(text: str):
    pass


@dsl.component
def keep(list: List[str]) -> List[str]:
    return list


@dsl.pipeline(name='oneof-looped')
def twin(fast: bool = True):
    with dsl.If(fast == True):
        few = names(count=2)
    with dsl.Else():
        many = names(count=100)
    kept = keep(list=dsl.OneOf(few.output, many.output))
    with dsl.ParallelFor(kept.output) as name:
        say(text=name)
