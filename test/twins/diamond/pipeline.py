from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def load(seed: int, data: Output[Dataset]) -> int:
    return 1


@dsl.component
def left(data: Input[Dataset], n: int) -> float:
    return 1.0


@dsl.component
def right(data: Input[Dataset]) -> float:
    return 1.0


@dsl.component
def join(a: float, b: float, n: int) -> float:
    return 1.0


@dsl.pipeline(name='diamond')
def twin(seed: int = 1):
    loaded = load(seed=seed)
    a = left(data=loaded.outputs['data'], n=loaded.outputs['Output'])
    b = right(data=loaded.outputs['data'])
    join(a=a.output, b=b.output, n=loaded.outputs['Output'])
