from kfp import dsl


@dsl.component
def step(text: str = 'none') -> str:
    return text


@dsl.component
def murmur(text: str = 'none') -> str:
    return text


@dsl.pipeline(name='quiet')
def quiet(text: str = 'x') -> str:
    first = murmur(text=text)
    return murmur(text=first.output).ignore_upstream_failure().output


@dsl.pipeline(name='ignore-failure-in-groups')
def twin(text: str = 'a'):
    before = step(text=text)
    with dsl.ParallelFor(['a', 'b']) as name:
        inside = step(text=name)
        step(text=inside.output).ignore_upstream_failure()
        with dsl.If(name == 'a'):
            step(text=before.output).after(before).ignore_upstream_failure()
    done = quiet(text=before.output).ignore_upstream_failure()
    step(text=done.output).after(before).ignore_upstream_failure()
