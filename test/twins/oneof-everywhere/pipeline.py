from typing import List

from kfp import dsl
from kfp.dsl import Input, Model, Output


@dsl.component
def train(text: str, model: Output[Model]) -> str:
    return text


@dsl.component
def use(model: Input[Model], text: str) -> str:
    return text


@dsl.component
def total(texts: List[str]):
    pass


@dsl.pipeline(name='oneof-everywhere')
def twin(texts: List[str], mode: str = 'a'):
    with dsl.ExitHandler(total(texts=['last'])):
        with dsl.If(mode == 'a'):
            first = train(text='exit')
        with dsl.Elif(mode == 'b'):
            second = train(text='exit b')
        with dsl.Else():
            third = train(text='exit c')
        use(model=dsl.OneOf(first.outputs['model'], second.outputs['model'], third.outputs['model']),
            text=dsl.OneOf(first.outputs['Output'], second.outputs['Output'], third.outputs['Output']))
        with dsl.ParallelFor(texts) as text:
            with dsl.If(text == mode):
                with dsl.If(mode != 'x'):
                    inner = train(text='x')
                with dsl.Else():
                    other = train(text=text)
                use(model=dsl.OneOf(inner.outputs['model'], other.outputs['model']), text=text)
            with dsl.Else():
                train(text=mode)
