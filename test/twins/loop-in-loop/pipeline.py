from kfp import dsl


@dsl.component
def pair(a: int, b: str, c: int):
    pass


@dsl.pipeline(name='loop-in-loop')
def twin(c: int = 1):
    with dsl.ParallelFor([1, 2]) as a:
        with dsl.ParallelFor(['x', 'y']) as b:
            pair(a=a, b=b, c=c)
            with dsl.ParallelFor([5]) as last:
                pair(a=last, b=b, c=a)
