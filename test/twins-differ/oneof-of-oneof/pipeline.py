from kfp import dsl


@dsl.component
def say(text: str) -> str:
    return text


@dsl.pipeline(name='oneof-of-oneof')
def twin(a: bool = True, b: bool = True) -> str:
    with dsl.If(a == True):
        with dsl.If(b == True):
            both = say(text='both')
        with dsl.Else():
            first = say(text='first')
        inner = dsl.OneOf(both.output, first.output)
    with dsl.Else():
        none = say(text='none')
    return dsl.OneOf(inner, none.output)
