from kfp import dsl
from kfp.dsl import PipelineTaskFinalStatus


@dsl.component
def step():
    pass


@dsl.component
def tell(status: PipelineTaskFinalStatus, text: str = 'none'):
    pass


@dsl.pipeline(name='status-with-a-default')
def twin():
    tell().after(step()).ignore_upstream_failure()
