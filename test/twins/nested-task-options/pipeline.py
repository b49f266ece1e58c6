from kfp import dsl


@dsl.component
def step(n: int) -> int:
    return n


@dsl.pipeline(name='inner')
def inner(n: int = 1) -> int:
    return step(n=n).output


@dsl.pipeline(name='nested-task-options')
def twin(n: int = 3):
    first = inner(n=n).set_retry(num_retries=2, backoff_duration='10s', backoff_factor=3.0, backoff_max_duration='60s')
    with dsl.ParallelFor([1, 2]) as item:
        inner(n=item).set_retry(num_retries=1).set_display_name('again').after(first)
    inner(n=n).set_caching_options(True, 'key').ignore_upstream_failure().after(first)
