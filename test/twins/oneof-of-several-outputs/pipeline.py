from typing import NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input, Metrics, Model, Output


@dsl.component
def train(deep: bool, model: Output[Model], metrics: Output[Metrics]) -> NamedTuple('Out', [('loss', float), ('steps', int)]):
    return (0.5, 1)


@dsl.component
def use(model: Input[Model], metrics: Input[Metrics], loss: float, steps: int):
    pass


@dsl.pipeline(name='oneof-of-several-outputs')
def twin(deep: bool = False) -> NamedTuple('Out', [('model', Model), ('loss', float)]):
    with dsl.If(deep == True):
        first = train(deep=True)
    with dsl.Else():
        second = train(deep=False)
    model = dsl.OneOf(first.outputs['model'], second.outputs['model'])
    metrics = dsl.OneOf(first.outputs['metrics'], second.outputs['metrics'])
    loss = dsl.OneOf(first.outputs['loss'], second.outputs['loss'])
    steps = dsl.OneOf(first.outputs['steps'], second.outputs['steps'])
    with dsl.If(loss < 0.5):
        use(model=model, metrics=metrics, loss=loss, steps=steps)
    return NamedTuple('Out', [('model', Model), ('loss', float)])(model, loss)
