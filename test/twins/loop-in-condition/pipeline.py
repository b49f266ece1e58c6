from typing import List

from kfp import dsl


@dsl.component
def take(n: int, text: str):
    pass


@dsl.component
def list_up() -> List[int]:
    return []


@dsl.pipeline(name='loop-in-condition')
def twin(mode: str = 'a', sizes: List[int] = [1]):
    listed = list_up()
    with dsl.If(mode == 'a'):
        with dsl.ParallelFor([1, 2]) as n:
            take(n=n, text=mode)
        with dsl.ParallelFor(sizes) as size:
            take(n=size, text='x')
        with dsl.ParallelFor(listed.output) as one:
            take(n=one, text='y')
