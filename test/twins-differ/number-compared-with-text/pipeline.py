from kfp import dsl


@dsl.component
def count() -> int:
    return 3


@dsl.component
def use():
    pass


@dsl.pipeline(name='number-compared-with-text')
def twin():
    with dsl.If(count().output == '3'):
        use()
