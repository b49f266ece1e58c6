from kfp import dsl


@dsl.component
def measure(text: str) -> float:
    return 0.5


@dsl.component
def publish(loss: float):
    pass


@dsl.pipeline(name='oneof-decides')
def twin(mode: str, limit: float = 0.25):
    with dsl.If(mode == 'full'):
        full = measure(text='full')
    with dsl.Elif(mode == 'half'):
        half = measure(text='half')
    with dsl.Else():
        none = measure(text='none')
    loss = dsl.OneOf(full.output, half.output, none.output)
    with dsl.If(loss <= limit, name='good enough'):
        publish(loss=loss)
