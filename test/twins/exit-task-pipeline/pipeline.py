from kfp import dsl


@dsl.component
def step(text: str) -> str:
    return text


@dsl.component
def sweep(text: str) -> str:
    return text


@dsl.pipeline(name='tidy')
def tidy(text: str):
    first = sweep(text=text)
    sweep(text=first.output)


@dsl.pipeline(name='exit-task-pipeline')
def twin(text: str = 'a'):
    last = tidy(text=text)
    with dsl.ExitHandler(last):
        step(text=text).set_retry(num_retries=2)
