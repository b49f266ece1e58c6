from typing import List, NamedTuple

from kfp import dsl


@dsl.component
def split(n: int) -> NamedTuple('Parts', [('low', List[int]), ('high', List[int])]):
    pass


@dsl.component
def show(low: int):
    pass


@dsl.component
def both(low: int, high: int):
    pass


@dsl.pipeline(name='loop-named-outputs')
def twin():
    parts = split(n=3)
    with dsl.ParallelFor(parts.outputs['low']) as low:
        show(low=low)
        with dsl.ParallelFor(parts.outputs['high']) as high:
            both(low=low, high=high)
