from kfp import dsl


@dsl.component
def run(n: int):
    pass


@dsl.pipeline(name='options-in-groups')
def twin(x: int = 1):
    with dsl.ParallelFor([1]) as n:
        task = run(n=n)
        task.set_caching_options(False)
        task.set_retry(3, '30s', 1.5, '1h')
        task.set_env_variable('A', 'b')
        task.set_cpu_limit('500m').set_memory_limit('1G')
        with dsl.If(x == 1):
            run(n=x).set_display_name('Inside')
