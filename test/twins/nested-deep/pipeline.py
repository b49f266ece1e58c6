from typing import NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input, Model, Output


@dsl.component
def load(path: str, data: Output[Dataset]):
    pass


@dsl.component
def train(data: Input[Dataset], rate: float, model: Output[Model]) -> float:
    return 0.5


@dsl.component
def compare(first: Input[Model], second: Input[Model], loss: float):
    pass


@dsl.pipeline(name='fit')
def fit(data: Input[Dataset], rate: float = 0.5) -> NamedTuple('Fit', [('loss', float), ('model', Model)]):
    trained = train(data=data, rate=rate)
    return NamedTuple('Fit', [('loss', float), ('model', Model)])(trained.outputs['Output'], trained.outputs['model'])


@dsl.pipeline(name='prepare-and-fit')
def prepare_and_fit(path: str, rate: float = 0.25) -> Model:
    loaded = load(path=f'{path}/images')
    return fit(data=loaded.outputs['data'], rate=rate).outputs['model']


@dsl.pipeline(name='nested-deep')
def twin(path: str, other: str = 'b') -> Model:
    first = prepare_and_fit(path=path)
    second = prepare_and_fit(path=other, rate=0.125)
    loaded = load(path=path)
    third = fit(data=loaded.outputs['data'])
    compare(first=first.output, second=second.output, loss=third.outputs['loss'])
    return third.outputs['model']
