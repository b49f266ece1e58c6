from kfp import dsl


@dsl.component
def use(n: float):
    pass


@dsl.pipeline(name='numbers-of-both-kinds')
def twin():
    with dsl.ParallelFor([1, 2.5]) as n:
        use(n=n)
