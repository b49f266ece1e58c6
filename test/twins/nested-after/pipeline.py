from kfp import dsl


@dsl.component
def first():
    pass


@dsl.component
def inside():
    pass


@dsl.component
def last():
    pass


@dsl.pipeline(name='inner')
def inner():
    a = inside()
    inside().after(a)


@dsl.pipeline(name='nested-after')
def twin():
    begun = first()
    done = inner().after(begun)
    again = inner().after(begun, done)
    last().after(again)
