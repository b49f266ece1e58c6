from typing import List

from kfp import dsl
from kfp.dsl import Input, Model, Output


@dsl.component
def train(rate: float, model: Output[Model]) -> float:
    return 0.5


@dsl.component
def best(models: Input[List[Model]], losses: List[float], model: Output[Model]) -> float:
    return 0.5


@dsl.pipeline(name='choose')
def choose(models: Input[List[Model]], losses: List[float]) -> float:
    return best(models=models, losses=losses).outputs['Output']


@dsl.pipeline(name='collected-into-pipeline')
def twin(rates: List[float] = [0.5, 0.25]) -> float:
    with dsl.ParallelFor(rates) as rate:
        trained = train(rate=rate)
    return choose(models=dsl.Collected(trained.outputs['model']), losses=dsl.Collected(trained.outputs['Output'])).output
