from kfp import dsl


@dsl.component
def make() -> str:
    return 'x'


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='outputs-of-an-exit-body')
def twin():
    with dsl.ExitHandler(use(text='last')):
        made = make()
    use(text=made.output)
