from kfp import dsl


@dsl.component
def take(n: int):
    pass


@dsl.pipeline(name='loop-fields-of-constants')
def twin():
    with dsl.ParallelFor([{'sizes': 3, 'n': 1}, {'sizes': 4, 'n': 2}]) as entry:
        take(n=entry.n)
        take(n=entry.sizes)
