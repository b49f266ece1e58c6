from typing import List

from kfp import dsl


@dsl.component
def count(n: int) -> List[int]:
    return list(range(n))


@dsl.component
def name() -> str:
    return ''


@dsl.component
def say(text: str, n: int):
    pass


@dsl.pipeline(name='loop-output')
def twin(who: str = 'you'):
    counted = count(n=3)
    other = name()
    with dsl.ParallelFor(counted.output) as n:
        say(text=f'{who} {n} of {other.output}', n=n)
