from kfp import dsl


@dsl.component
def run(n: int):
    pass


@dsl.component
def other():
    pass


@dsl.pipeline(name='many-siblings')
def twin(x: int = 1):
    run(n=0)
    with dsl.ParallelFor([1]) as a:
        run(n=a)
        with dsl.If(x == 1):
            run(n=1)
            other()
        run(n=2)
    other()
    with dsl.If(x == 2):
        run(n=3)
        with dsl.ParallelFor([4]) as b:
            run(n=b)
        other()
    run(n=5)
    with dsl.ParallelFor([6]) as c:
        run(n=c)
