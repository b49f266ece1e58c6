from typing import List, NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(n: int, data: Output[Dataset]) -> int:
    return n


@dsl.component
def join(parts: Input[List[Dataset]], ns: List[int]):
    pass


@dsl.pipeline(name='part')
def part(n: int) -> NamedTuple('Out', [('data', Dataset), ('n', int)]):
    first = make(n=n)
    second = make(n=first.outputs['Output'])
    return NamedTuple('Out', [('data', Dataset), ('n', int)])(second.outputs['data'], first.outputs['Output'])


@dsl.pipeline(name='collected-from-pipeline')
def twin() -> List[int]:
    with dsl.ParallelFor([1, 2]) as n:
        with dsl.ParallelFor([3, 4]) as m:
            made = part(n=m)
            make(n=n)
    join(parts=dsl.Collected(made.outputs['data']), ns=dsl.Collected(made.outputs['n']))
    return dsl.Collected(made.outputs['n'])
