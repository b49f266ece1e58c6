from kfp import dsl


@dsl.component
def x(n: int) -> int:
    return n


@dsl.component
def x_2(n: int) -> int:
    return n


@dsl.component
def for_loop_1(n: int):
    pass


@dsl.pipeline(name='names-repeated')
def twin(n: int = 1):
    x(n=1)
    x_2(n=2)
    x(n=3)
    with dsl.If(n == 1):
        x(n=4)
        x_2(n=5)
        x(n=n)
    with dsl.ParallelFor([1, 2]) as item:
        x(n=item)
        x(n=item)
        with dsl.If(item == 2):
            x(n=item)
            x_2(n=item)
    for _ in range(4):
        x(n=n)
