from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(d: Output[Dataset]):
    pass


@dsl.component
def use(d: Input[Dataset]):
    pass


@dsl.pipeline(name='inner-loop')
def over(ds: List[Dataset]) -> List[Dataset]:
    with dsl.ParallelFor(ds) as d:
        use(d=d)
    with dsl.ParallelFor([1, 2]):
        made = make()
    return dsl.Collected(made.outputs['d'])


@dsl.pipeline(name='artifact-loop')
def twin():
    with dsl.ParallelFor([1, 2, 3]):
        made = make()
    again = over(ds=dsl.Collected(made.outputs['d']))
    over(ds=again.output)
