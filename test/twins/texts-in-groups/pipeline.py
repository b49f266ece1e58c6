from kfp import dsl
from typing import List


@dsl.component
def make(n: int) -> str:
    return ''


@dsl.component
def say(text: str, more: list, extra: dict):
    pass


@dsl.pipeline(name='texts-in-groups')
def twin(who: str = 'you', x: int = 1, sizes: List[int] = [1]):
    made = make(n=1)
    with dsl.If(x == 1):
        inside = make(n=2)
        say(text=f'{who}: {made.output}, {inside.output}', more=[f'{x}', 'b'], extra={'k': f'{who}!', 'n': x})
        with dsl.ParallelFor(sizes) as size:
            say(text=f'{who} {made.output} {inside.output}', more=[], extra={})
            make(n=size)
