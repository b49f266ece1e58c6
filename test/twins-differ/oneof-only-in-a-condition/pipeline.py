from kfp import dsl


@dsl.component
def check(text: str) -> bool:
    return True


@dsl.component
def use():
    pass


@dsl.pipeline(name='oneof-only-in-a-condition')
def twin(mode: str = 'a'):
    with dsl.If(mode == 'a'):
        first = check(text='a')
    with dsl.Else():
        second = check(text='b')
    with dsl.If(dsl.OneOf(first.output, second.output) == True):
        use()
