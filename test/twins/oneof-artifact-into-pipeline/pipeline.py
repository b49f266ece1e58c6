from kfp import dsl
from kfp.dsl import Input, Model, Output


@dsl.component
def train(deep: bool, model: Output[Model]):
    pass


@dsl.component
def check(model: Input[Model]) -> float:
    return 0.5


@dsl.component
def publish(model: Input[Model], score: float):
    pass


@dsl.pipeline(name='judge')
def judge(model: Input[Model]) -> float:
    return check(model=model).output


@dsl.pipeline(name='oneof-artifact-into-pipeline')
def twin(deep: bool = False) -> Model:
    with dsl.If(deep == True):
        big = train(deep=True)
    with dsl.Else():
        small = train(deep=False)
    model = dsl.OneOf(big.output, small.output)
    score = judge(model=model).output
    with dsl.If(score > 0.5):
        publish(model=model, score=score)
    return model
