from kfp import dsl


@dsl.component
def use():
    pass


@dsl.pipeline(name='quotes-in-conditions')
def twin(text: str = 'a'):
    with dsl.If(text == "it's"):
        use()
    with dsl.If(text != 'a\\b\n'):
        use()
