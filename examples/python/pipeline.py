from typing import List, NamedTuple

from greet import greet
from kfp import dsl


@dsl.component
def join(lines: List[str]) -> str:
    return '; '.join(lines)


@dsl.pipeline(name='python')
def python(names: List[str] = ['Ann', 'Ben'], times: int = 2) -> NamedTuple('Outputs', [('greetings', str)]):
    with dsl.ParallelFor(names) as name:
        greeted = greet(name=name, times=times)
    return NamedTuple('Outputs', [('greetings', str)])(join(lines=dsl.Collected(greeted.output)).output)
