from kfp import dsl


@dsl.component
def step(text: str = 'none') -> str:
    return text


@dsl.component
def half(text: str = 'none') -> str:
    return text


def chain(component, text):
    first = (component(text=text).set_retry(num_retries=2, backoff_duration='5s', backoff_factor=1.5, backoff_max_duration='1m')
             .set_display_name('The first').set_caching_options(True, 'key'))
    second = component(text=first.output).ignore_upstream_failure().set_caching_options(False)
    component(text='x').after(first, second).set_display_name('The last')
    return second


@dsl.pipeline(name='inside')
def inside(text: str) -> str:
    with dsl.If(text != 'a', name='inner branch'):
        chain(half, text)
    return chain(half, text).output


@dsl.pipeline(name='options-everywhere')
def twin(text: str = 'a') -> str:
    last = step(text=text).set_caching_options(False).set_retry(num_retries=1)
    with dsl.ExitHandler(last, name='outer'):
        chain(step, text)
        with dsl.ParallelFor(['a', 'b'], name='outer loop', parallelism=1) as item:
            chain(step, item)
            with dsl.If(item == text, name='inner branch'):
                chain(step, text)
        with dsl.If(text == 'a', name='outer branch'):
            chain(step, text)
            with dsl.ParallelFor([1, 2], name='inner loop', parallelism=2) as _:
                chain(step, text)
    return inside(text=text).output
