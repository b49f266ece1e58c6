from kfp import dsl


@dsl.component
def coin(text: str) -> str:
    return text


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='branches-in-branches')
def twin(a: str = 'x', n: int = 1):
    first = coin(text=a)
    with dsl.If(first.output == 'x'):
        second = coin(text='inner')
        with dsl.If(second.output == 'y', name='inner y'):
            use(text=first.output)
        with dsl.Elif(n >= 2):
            with dsl.If(n < 10):
                use(text=second.output)
            with dsl.Else(name='ten or more'):
                use(text=a)
        with dsl.Else():
            use(text='none')
        use(text='after the inner ones')
    with dsl.Elif(a != first.output):
        use(text='differs')
    with dsl.Else(name='last'):
        with dsl.If(n == 3):
            use(text='three')
