from kfp import dsl


@dsl.component
def step(text: str = 'a') -> str:
    return text


@dsl.pipeline(name='order-in-a-circle')
def twin():
    first = step()
    second = step(text=first.output)
    first.after(second)
