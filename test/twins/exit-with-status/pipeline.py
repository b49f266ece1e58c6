from kfp import dsl


@dsl.component
def told(status: dsl.PipelineTaskFinalStatus, channel: str = 'all'):
    pass


@dsl.component
def run(n: int) -> int:
    return n


@dsl.pipeline(name='exit-with-status')
def twin(channel: str = 'x'):
    first = told(channel=channel)
    second = told()
    with dsl.ExitHandler(first, name='first part'):
        made = run(n=1)
        run(n=made.output)
    with dsl.ExitHandler(second):
        run(n=3)
