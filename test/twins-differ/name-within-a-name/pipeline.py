from typing import List

from kfp import dsl


@dsl.component
def use(a: str, b: str):
    pass


@dsl.pipeline(name='name-within-a-name')
def twin(xs: List[str], x: str = 'a', flag: bool = True):
    with dsl.ParallelFor(xs) as item:
        with dsl.If(flag == True):
            use(a=item, b=x)
