from kfp import dsl


def component(function):
    return dsl.component(function, base_image='matrix/python', install_kfp_package=False)


@component
def pick(n: int) -> str:
    return 'abc'[n]


@component
def say(text: str) -> str:
    return text


@component
def shout(text: str) -> str:
    return f'{text}!'


@dsl.pipeline(name='conditions')
def main(n: int = 1) -> str:
    picked = pick(n=n)
    with dsl.If(picked.output == 'a'):
        first = say(text='the first')
    with dsl.Elif(picked.output == 'b'):
        second = say(text="it's the second")
    with dsl.Else():
        third = say(text='the third')
    with dsl.If(n > 5):
        say(text='never')
    return shout(text=dsl.OneOf(first.output, second.output, third.output)).output
