from kfp import dsl
from kfp.dsl import Dataset, Input, Model, Output


@dsl.component
def train(n: int, model: Output[Model], data: Output[Dataset]) -> float:
    return 1.0


@dsl.component
def other(n: int, model: Output[Model], data: Output[Dataset]) -> float:
    return 1.0


@dsl.component
def use(model: Input[Model], data: Input[Dataset], score: float):
    pass


@dsl.pipeline(name='oneof-artifacts')
def twin(big: bool = False) -> Model:
    with dsl.If(big == True):
        a = train(n=1)
    with dsl.Else():
        b = other(n=2)
    model = dsl.OneOf(a.outputs['model'], b.outputs['model'])
    score = dsl.OneOf(a.outputs['Output'], b.outputs['Output'])
    data = dsl.OneOf(a.outputs['data'], b.outputs['data'])
    use(model=model, data=data, score=score)
    return model
