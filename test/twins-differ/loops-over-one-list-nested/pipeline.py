from typing import List

from kfp import dsl


@dsl.component
def use(a: str, b: str):
    pass


@dsl.pipeline(name='loops-over-one-list-nested')
def twin(xs: List[str]):
    with dsl.ParallelFor(xs) as a:
        with dsl.ParallelFor(xs) as b:
            use(a=a, b=b)
