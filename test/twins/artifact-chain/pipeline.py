from kfp import dsl
from kfp.dsl import Dataset, Input, Metrics, Model, Output


@dsl.component
def data_prep(bucket: str, train: Output[Dataset], test: Output[Dataset]):
    pass


@dsl.component
def train(data: Input[Dataset], model: Output[Model], metrics: Output[Metrics]):
    pass


@dsl.component
def evaluate(model: Input[Model], data: Input[Dataset], metrics: Output[Metrics]) -> float:
    return 1.0


@dsl.pipeline(name='artifact-chain', description='Prepares, trains and tests.')
def twin(bucket: str = 'weather_imgs'):
    data = data_prep(bucket=bucket)
    trained = train(data=data.outputs['train'])
    evaluate(model=trained.outputs['model'], data=data.outputs['test'])
