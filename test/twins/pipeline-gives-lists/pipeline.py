from typing import List, NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(name: str, data: Output[Dataset]) -> str:
    return name


@dsl.component
def join(parts: Input[List[Dataset]], names: List[str]) -> str:
    return ''


@dsl.pipeline(name='parts')
def parts(names: List[str]) -> NamedTuple('Out', [('parts', List[Dataset]), ('names', List[str])]):
    with dsl.ParallelFor(names) as name:
        made = make(name=name)
    return NamedTuple('Out', [('parts', List[Dataset]), ('names', List[str])])(
        dsl.Collected(made.outputs['data']), dsl.Collected(made.outputs['Output']))


@dsl.pipeline(name='pipeline-gives-lists')
def twin() -> List[Dataset]:
    first = parts(names=['a', 'b'])
    joined = join(parts=first.outputs['parts'], names=first.outputs['names'])
    with dsl.If(joined.output != ''):
        join(parts=first.outputs['parts'], names=['x'])
    return first.outputs['parts']
