from kfp import dsl


@dsl.component
def clean(text: str):
    pass


@dsl.component
def run(n: int) -> int:
    return n


@dsl.component
def finish():
    pass


@dsl.pipeline(name='careful')
def careful(n: int):
    cleaned = clean(text='inner')
    with dsl.ExitHandler(cleaned):
        run(n=n)


@dsl.pipeline(name='nested-with-exit')
def twin():
    careful(n=1)
    finish()
