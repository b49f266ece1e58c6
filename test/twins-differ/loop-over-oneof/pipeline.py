from typing import List

from kfp import dsl


@dsl.component
def names(n: int) -> List[str]:
    return []


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='loop-over-oneof')
def twin(few: bool = True):
    with dsl.If(few == True):
        first = names(n=1)
    with dsl.Else():
        second = names(n=3)
    with dsl.ParallelFor(dsl.OneOf(first.output, second.output)) as name:
        use(text=name)
