from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Model, Output


@dsl.component
def use(data: Input[Dataset], text: str) -> str:
    return text


@dsl.component
def size(data: Input[Dataset]) -> int:
    return 1


@dsl.component
def total(sizes: List[int]):
    pass


@dsl.pipeline(name='each')
def each(parts: Input[List[Dataset]], least: int = 0):
    with dsl.ParallelFor(parts) as part:
        sized = size(data=part)
        with dsl.If(sized.output > least):
            size(data=part)
    total(sizes=dsl.Collected(sized.output))


@dsl.pipeline(name='artifact-loops-everywhere')
def twin(parts: Input[List[Dataset]], base: Input[Dataset], texts: List[str], flag: bool = True):
    with dsl.ExitHandler(use(data=base, text='last')):
        with dsl.ParallelFor(parts, parallelism=2, name='parts') as part:
            with dsl.ParallelFor(texts) as text:
                use(data=part, text=text)
        with dsl.If(flag == True):
            with dsl.ParallelFor(parts) as part:
                use(data=part, text='x')
                with dsl.ParallelFor([1, 2]) as _:
                    use(data=part, text='y')
    with dsl.ParallelFor(texts) as text:
        with dsl.ParallelFor(parts) as part:
            use(data=base, text=text)
            use(data=part, text=text)
    each(parts=parts)
