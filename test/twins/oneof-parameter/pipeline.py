from kfp import dsl


@dsl.component
def flip() -> str:
    return 'heads'


@dsl.component
def say(text: str) -> str:
    return text


@dsl.pipeline(name='oneof-parameter')
def twin() -> str:
    flipped = flip()
    with dsl.If(flipped.output == 'heads'):
        a = say(text='a')
    with dsl.Elif(flipped.output == 'tails'):
        b = say(text='b')
    with dsl.Else():
        c = say(text='c')
    chosen = dsl.OneOf(a.output, b.output, c.output)
    say(text=chosen)
    return chosen
