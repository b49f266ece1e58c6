from kfp import dsl


@dsl.component
def step(text: str) -> str:
    return text


@dsl.pipeline(name='short')
def short(text: str) -> str:
    return step(text=text).output


@dsl.pipeline(name='long')
def long(text: str, end: str = '!') -> str:
    with dsl.If(end != ''):
        first = step(text=f'{text}{end}')
    with dsl.Else():
        second = step(text=text)
    return dsl.OneOf(first.output, second.output)


@dsl.pipeline(name='oneof-of-pipelines')
def twin(mode: str = 'a') -> str:
    before = step(text=mode)
    with dsl.If(before.output == 'a'):
        a = short(text=before.output)
    with dsl.Elif(before.output == 'b'):
        b = long(text=mode)
    with dsl.Else():
        c = long(text=before.output, end='')
    return dsl.OneOf(a.output, b.output, c.output)
