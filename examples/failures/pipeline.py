from typing import NamedTuple

from kfp import dsl


@dsl.component
def ask(run: str, patience: int) -> str:
    import os
    import tempfile
    mark = os.path.join(tempfile.gettempdir(), f'ferrule-example-{run}')
    if not os.path.exists(mark):
        open(mark, 'w').close()
        raise RuntimeError('the service is busy')
    return f'answered within {patience} s'


@dsl.component
def conclude(answer: str = 'no answer') -> str:
    return f'concluded: {answer}'


@dsl.pipeline(name='failures')
def failures(patience: int = 5) -> NamedTuple('Outputs', [('result', str)]):
    asked = (ask(run=dsl.PIPELINE_JOB_ID_PLACEHOLDER, patience=patience)
             .set_retry(num_retries=2, backoff_duration='0s').set_caching_options(False))
    concluded = conclude(answer=asked.output).ignore_upstream_failure()
    return NamedTuple('Outputs', [('result', str)])(concluded.output)
