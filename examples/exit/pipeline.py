from typing import NamedTuple

from kfp import dsl
from kfp.dsl import PipelineTaskFinalStatus


@dsl.component
def tell(channel: str, status: PipelineTaskFinalStatus):
    print(f'{channel}: {status.state} {status.error_message}')


@dsl.component
def work(fail: bool) -> str:
    if fail:
        raise RuntimeError('it was told to')
    return 'done'


@dsl.component
def same(text: str) -> str:
    return text


# KFP does not give values of tasks before an exit task to anything after it, nor to the pipeline's outputs.
@dsl.pipeline(name='exit')
def with_exit_task(fail: bool = False, channel: str = 'ops') -> NamedTuple('Outputs', [('result', str)]):
    told = tell(channel=channel)
    with dsl.ExitHandler(told, name='all the work'):
        work(fail=fail)
    return NamedTuple('Outputs', [('result', str)])(same(text='done').output)
