from kfp import dsl


@dsl.component
def make(n: int) -> int:
    return n


@dsl.component
def finish(n: int):
    pass


@dsl.pipeline(name='inner')
def inner(n: int, text: str = 'x') -> int:
    return make(n=n).output


@dsl.pipeline(name='nested-in-groups')
def twin(x: int = 1):
    with dsl.ParallelFor([1, 2]) as n:
        done = inner(n=n)
        with dsl.If(done.output == x):
            inner_again = inner(n=x, text=f'{x}')
    with dsl.If(x == 1):
        finish(n=x)
