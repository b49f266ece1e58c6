from typing import NamedTuple

from kfp import dsl
from kfp.dsl import Model, Output


@dsl.component
def train(epochs: int, model: Output[Model]) -> NamedTuple('Done', [('best', int), ('loss', float)]):
    pass


@dsl.pipeline(name='pipeline-outputs')
def twin() -> NamedTuple('Outputs', [('model', Model), ('best', int), ('loss', float)]):
    done = train(epochs=2)
    outputs = NamedTuple('Outputs', [('model', Model), ('best', int), ('loss', float)])
    return outputs(model=done.outputs['model'], best=done.outputs['best'], loss=done.outputs['loss'])
