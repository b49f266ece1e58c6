from kfp import dsl


@dsl.component
def clean(text: str):
    pass


@dsl.component
def run(n: int):
    pass


@dsl.pipeline(name='exit-task')
def twin(who: str = 'me', n: int = 1):
    cleaned = clean(text=f'by {who}')
    cleaned.set_display_name('Clean up').set_retry(2)
    before = run(n=0)
    with dsl.ExitHandler(cleaned):
        run(n=n)
        run(n=2)
