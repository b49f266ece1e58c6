from kfp import dsl


@dsl.component
def run(n: int):
    pass


@dsl.component
def clean():
    pass


@dsl.pipeline(name='after-exit-group')
def twin():
    cleaned = clean()
    with dsl.ExitHandler(cleaned) as handled:
        run(n=1)
        run(n=2)
    run(n=3).after(handled)
