from kfp import dsl
from kfp.dsl import PipelineTaskFinalStatus


@dsl.component
def step(text: str) -> str:
    return text


@dsl.component
def tell(status: PipelineTaskFinalStatus, text: str = 'none'):
    pass


@dsl.pipeline(name='inner')
def inner(text: str) -> str:
    return step(text=text).output


@dsl.pipeline(name='status-of-task')
def twin(text: str = 'a'):
    first = step(text=text)
    tell(text=first.output).ignore_upstream_failure()
    second = inner(text=text)
    tell(text='x').after(second).ignore_upstream_failure()
    with dsl.ParallelFor([1, 2]) as _:
        third = step(text=text)
        tell(text=third.output).ignore_upstream_failure()
