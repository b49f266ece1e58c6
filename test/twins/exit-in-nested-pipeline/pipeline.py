from kfp import dsl
from kfp.dsl import PipelineTaskFinalStatus


@dsl.component
def step(text: str) -> str:
    return text


@dsl.component
def clean(status: PipelineTaskFinalStatus, folder: str):
    pass


@dsl.pipeline(name='careful')
def careful(text: str) -> str:
    last = clean(folder=text)
    with dsl.ExitHandler(last):
        step(text='inside')
    return step(text='beside').output


@dsl.pipeline(name='exit-in-nested-pipeline')
def twin(text: str = 'a'):
    last = clean(folder='outer')
    with dsl.ExitHandler(last):
        done = careful(text=text)
        careful(text=done.output)
