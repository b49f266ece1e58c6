from kfp import dsl


@dsl.component
def make(n: int) -> int:
    return n


@dsl.component
def hope(n: int = 3):
    pass


@dsl.component
def watch(status: dsl.PipelineTaskFinalStatus):
    pass


@dsl.pipeline(name='ignore-failure')
def twin(x: int = 1):
    made = make(n=1)
    hope(n=made.output).ignore_upstream_failure()
    watch().after(made).ignore_upstream_failure()
    with dsl.If(made.output == x):
        inside = make(n=2)
        watch().after(inside).ignore_upstream_failure()
        hope(n=made.output).ignore_upstream_failure()
