from kfp import dsl


@dsl.component
def op(n: int):
    pass


@dsl.pipeline(name='inner')
def inner():
    op(n=1).set_cpu_limit('1')
    op(n=2).set_cpu_limit('2')
    op(n=3).set_cpu_limit('3')


@dsl.pipeline(name='executors-of-pipelines')
def twin():
    op(n=8).set_cpu_limit('8')
    inner()
