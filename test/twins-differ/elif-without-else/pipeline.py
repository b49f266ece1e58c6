from kfp import dsl


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='elif-without-else')
def twin(text: str = 'a'):
    with dsl.If(text == 'a'):
        use(text='first')
    with dsl.Elif(text == 'b'):
        use(text='second')
    use(text='after')
