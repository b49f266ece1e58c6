from kfp import dsl


@dsl.component
def run(n: int):
    pass


@dsl.pipeline(name='after-across-groups')
def twin(x: int = 1):
    first = run(n=1)
    with dsl.ParallelFor([1, 2]) as n:
        inner = run(n=n)
        run(n=x).after(inner)
    run(n=3).after(inner)
    with dsl.If(x == 1):
        run(n=4).after(first)
        with dsl.ParallelFor([5]) as m:
            run(n=m).after(first, inner)
    with dsl.If(x == 2):
        branch = run(n=6)
    with dsl.Else():
        run(n=7)
    run(n=8).after(branch)
