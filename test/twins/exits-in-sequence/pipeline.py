from kfp import dsl
from kfp.dsl import PipelineTaskFinalStatus


@dsl.component
def step(text: str) -> str:
    return text


@dsl.component
def clean(status: PipelineTaskFinalStatus, folder: str = 'x'):
    pass


@dsl.component
def tell(text: str):
    pass


@dsl.pipeline(name='exits-in-sequence')
def twin(text: str = 'a'):
    first_exit = clean()
    second_exit = tell(text=text)
    with dsl.ExitHandler(first_exit) as first_handler:
        step(text=text)
    third_exit = clean(folder='y')
    with dsl.ExitHandler(second_exit, name='second') as second_handler:
        step(text=text).after(first_handler)
    with dsl.ExitHandler(third_exit):
        before = step(text='third')
        with dsl.If(before.output == 'x'):
            step(text=text).after(first_handler)
    step(text='last').after(first_handler, second_handler)
