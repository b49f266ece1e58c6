from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Model, Output


@dsl.component
def train(data: Input[Dataset], n: int, model: Output[Model]):
    pass


@dsl.component
def check(data: Input[Dataset]) -> int:
    return 1


@dsl.component
def merge(models: Input[List[Model]]):
    pass


@dsl.pipeline(name='loop-artifacts')
def twin(parts: Input[List[Dataset]], n: int = 1):
    with dsl.ParallelFor(parts) as part:
        checked = check(data=part)
        with dsl.If(checked.output == n):
            trained = train(data=part, n=n)
    merge(models=dsl.Collected(trained.outputs['model']))
