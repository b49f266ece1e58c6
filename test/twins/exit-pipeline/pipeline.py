from kfp import dsl


@dsl.component
def clean(text: str):
    pass


@dsl.component
def run(n: int):
    pass


@dsl.pipeline(name='cleaning')
def cleaning(text: str = 'x'):
    clean(text=text)


@dsl.pipeline(name='exit-pipeline')
def twin(who: str = 'me'):
    cleaned = cleaning(text=who)
    with dsl.ExitHandler(cleaned):
        run(n=1)
