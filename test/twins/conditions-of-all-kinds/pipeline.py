from kfp import dsl


@dsl.component
def run(n: int):
    pass


@dsl.component
def measure() -> float:
    return 1.0


@dsl.pipeline(name='conditions-of-all-kinds')
def twin(i: int = 1, f: float = 0.5, b: bool = True, s: str = 'x'):
    with dsl.If(i == 1):
        run(n=1)
    with dsl.If(i != 2):
        run(n=2)
    with dsl.If(i > 3):
        run(n=3)
    with dsl.If(i >= 4):
        run(n=4)
    with dsl.If(i < 5):
        run(n=5)
    with dsl.If(i <= -6):
        run(n=6)
    with dsl.If(f > 3):
        run(n=7)
    with dsl.If(i > 3.5):
        run(n=8)
    with dsl.If(f < i):
        run(n=9)
    with dsl.If(b == True):
        run(n=10)
    with dsl.If(b != False):
        run(n=11)
    with dsl.If(s == 'x "y" zü'):
        run(n=12)
    with dsl.If(s < 'm'):
        run(n=13)
    with dsl.If(f > 1e-7):
        run(n=14)
    with dsl.If(f < 1e22):
        run(n=15)
    with dsl.If(measure().output >= f):
        run(n=16)
    with dsl.If(s != ''):
        run(n=17)
