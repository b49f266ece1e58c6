from typing import List

from kfp import dsl


def component(function):
    return dsl.component(function, base_image='matrix/python', install_kfp_package=False)


@component
def upto(n: int) -> List[List[int]]:
    return [[i + j for j in range(i)] for i in range(n)]


@component
def double(n: int) -> int:
    assert isinstance(n, int), n
    return 2 * n


@component
def add(rows: List[List[int]]) -> str:
    return f'{rows} {sum(sum(row) for row in rows)}'


@dsl.pipeline(name='loop-nested')
def main(n: int = 3) -> str:
    rows = upto(n=n)
    with dsl.ParallelFor(rows.output) as row:
        with dsl.ParallelFor(row) as item:
            doubled = double(n=item)
            with dsl.If(item > 5):
                double(n=item)
    return add(rows=dsl.Collected(doubled.output)).output
