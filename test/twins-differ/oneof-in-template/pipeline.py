from kfp import dsl


@dsl.component
def say(text: str) -> str:
    return text


@dsl.pipeline(name='oneof-in-template')
def twin(a: bool = True):
    with dsl.If(a == True):
        first = say(text='a')
    with dsl.Else():
        second = say(text='b')
    one = dsl.OneOf(first.output, second.output)
    say(text=f'it was {one}')
