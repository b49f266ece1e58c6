from kfp import dsl


@dsl.component
def make(n: int) -> int:
    return n


@dsl.pipeline(name='oneof-several')
def twin(x: int = 1):
    with dsl.If(x == 1):
        a = make(n=1)
        b = make(n=a.output)
    with dsl.Else():
        c = make(n=3)
        d = make(n=4)
    first = dsl.OneOf(a.output, d.output)
    second = dsl.OneOf(b.output, c.output)
    make(n=second)
    make(n=first)
    with dsl.If(x == 2):
        e = make(n=5)
    with dsl.Else():
        f = make(n=6)
    third = dsl.OneOf(e.output, f.output)
    make(n=third)
