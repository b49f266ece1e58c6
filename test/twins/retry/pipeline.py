from kfp import dsl


@dsl.component
def flaky():
    pass


@dsl.pipeline(name='retry')
def twin():
    flaky().set_retry(num_retries=3, backoff_duration='30s', backoff_factor=1.5, backoff_max_duration='2h')
    flaky().set_retry(num_retries=2)
