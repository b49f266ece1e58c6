from kfp import dsl


@dsl.component
def step(n: int) -> int:
    return n


@dsl.pipeline(name='inner')
def inner(n: int) -> int:
    made = (step(n=n).set_retry(num_retries=1).set_env_variable('MODE', 'fast')
            .set_cpu_limit('2').set_display_name('Made inside'))
    return step(n=made.output).set_caching_options(False).output


@dsl.pipeline(name='nested-options')
def twin(n: int = 3):
    done = inner(n=n).set_display_name('The inner one')
    inner(n=done.output).set_caching_options(False)
