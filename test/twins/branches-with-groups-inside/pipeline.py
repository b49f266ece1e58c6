from kfp import dsl


@dsl.component
def run(n: int):
    pass


@dsl.pipeline(name='branches-with-groups-inside')
def twin(x: int = 1):
    with dsl.If(x == 1):
        with dsl.ParallelFor([1, 2]) as n:
            run(n=n)
        with dsl.If(x == 2):
            run(n=2)
        with dsl.Else():
            run(n=3)
    with dsl.Elif(x == 3):
        with dsl.ParallelFor([3]) as n:
            with dsl.If(n == 3):
                run(n=x)
    with dsl.Else():
        with dsl.If(x == 4):
            run(n=4)
        with dsl.Elif(x == 5):
            run(n=5)
