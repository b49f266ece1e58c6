from kfp import dsl


@dsl.component
def flip() -> str:
    return 'heads'


@dsl.component
def run(n: int):
    pass


@dsl.pipeline(name='branches')
def twin(x: int = 1):
    flipped = flip()
    with dsl.If(flipped.output == 'heads', name='is-heads'):
        run(n=1)
    with dsl.Elif(x > 3, name='many'):
        run(n=x)
    with dsl.Elif(flipped.output == 'edge'):
        run(n=3)
    with dsl.Else(name='rest'):
        run(n=4)
    with dsl.If(x == 1):
        run(n=5)
    with dsl.Else():
        run(n=6)
    with dsl.If(x == 4):
        run(n=9)
    with dsl.If(x == 2):
        run(n=7)
    with dsl.Elif(x == 3):
        run(n=8)
