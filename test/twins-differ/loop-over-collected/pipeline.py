from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(n: int, data: Output[Dataset]):
    pass


@dsl.component
def use(data: Input[Dataset]):
    pass


@dsl.pipeline(name='loop-over-collected')
def twin():
    with dsl.ParallelFor([1, 2]) as n:
        made = make(n=n)
    with dsl.ParallelFor(dsl.Collected(made.outputs['data'])) as data:
        use(data=data)
