from kfp import dsl
from kfp.dsl import Dataset, Input, Model, Output


@dsl.component
def load(data: Output[Dataset]):
    pass


@dsl.component
def train(data: Input[Dataset], n: int, model: Output[Model]):
    pass


@dsl.component
def check(model: Input[Model], data: Input[Dataset]):
    pass


@dsl.pipeline(name='artifacts-through-groups')
def twin(base: Input[Model], x: int = 1):
    loaded = load()
    with dsl.If(x == 1):
        with dsl.ParallelFor([1, 2]) as n:
            trained = train(data=loaded.outputs['data'], n=n)
            with dsl.If(n == 1):
                check(model=trained.outputs['model'], data=loaded.outputs['data'])
                check(model=base, data=loaded.outputs['data'])
