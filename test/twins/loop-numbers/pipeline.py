from kfp import dsl


@dsl.component
def square(n: int) -> int:
    return n * n


@dsl.component
def scale(x: float):
    pass


@dsl.pipeline(name='loop-numbers')
def twin():
    with dsl.ParallelFor([1, 2, 3]) as n:
        square(n=n)
    with dsl.ParallelFor([0.5, 1.25]) as x:
        scale(x=x)
