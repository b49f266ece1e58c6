from kfp import dsl


@dsl.component
def make(n: int) -> int:
    return n


@dsl.pipeline(name='oneof-in-groups')
def twin(x: int = 1):
    with dsl.ParallelFor([1, 2]) as n:
        with dsl.If(n == 1):
            a = make(n=n)
        with dsl.Else():
            b = make(n=x)
        chosen = dsl.OneOf(a.output, b.output)
        with dsl.If(x == 1):
            make(n=chosen)
        with dsl.If(chosen == 3):
            with dsl.ParallelFor([7]) as m:
                make(n=chosen)
