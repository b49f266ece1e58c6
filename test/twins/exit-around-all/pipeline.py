from typing import List

from kfp import dsl
from kfp.dsl import PipelineTaskFinalStatus


@dsl.component
def step(text: str) -> str:
    return text


@dsl.component
def half(text: str) -> str:
    return text


@dsl.component
def clean(folder: str, status: PipelineTaskFinalStatus):
    pass


@dsl.pipeline(name='both')
def both(text: str) -> str:
    return half(text=half(text=text).output).output


@dsl.pipeline(name='exit-around-all')
def twin(names: List[str] = ['a'], mode: str = 'x', folder: str = '/tmp'):
    before = step(text=mode)
    last = clean(folder=folder)
    with dsl.ExitHandler(last, name='clean up'):
        with dsl.ParallelFor(names) as name:
            with dsl.If(name == mode):
                done = both(text=name)
                step(text=done.output)
            with dsl.Else():
                step(text=before.output)
        with dsl.If(before.output == 'x'):
            both(text=before.output)
    step(text='beside')
