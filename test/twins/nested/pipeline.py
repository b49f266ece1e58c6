from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def load(n: int, data: Output[Dataset]):
    pass


@dsl.component
def count(data: Input[Dataset], rate: float) -> int:
    return 1


@dsl.component
def inside(n: int, text: str):
    pass


@dsl.component
def finish(n: int, text: str):
    pass


@dsl.pipeline(name='inner')
def inner(data: Input[Dataset], name: str, rate: float = 0.5) -> int:
    counted = count(data=data, rate=rate)
    inside(n=counted.output, text=f'inner {name}')
    return counted.output


@dsl.pipeline(name='nested')
def twin(n: int = 1, who: str = 'me'):
    loaded = load(n=n)
    done = inner(data=loaded.outputs['data'], name=f'by {who}')
    finish(n=done.output, text='end')
