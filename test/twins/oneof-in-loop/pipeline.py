from typing import List

from kfp import dsl


@dsl.component
def say(text: str) -> str:
    return text


@dsl.pipeline(name='oneof-in-loop')
def twin(names: List[str] = ['a', 'b'], special: str = 'a'):
    with dsl.ParallelFor(names) as name:
        with dsl.If(name == special):
            first = say(text=f'special {name}')
        with dsl.Else():
            second = say(text=name)
        say(text=dsl.OneOf(first.output, second.output))
