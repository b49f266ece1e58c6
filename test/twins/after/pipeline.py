from kfp import dsl


@dsl.component
def first():
    pass


@dsl.component
def second():
    pass


@dsl.component
def third():
    pass


@dsl.pipeline(name='after')
def twin():
    a = first()
    b = second().after(a)
    third().after(b, a)
