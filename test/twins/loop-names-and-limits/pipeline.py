from typing import List

from kfp import dsl


@dsl.component
def run(n: int):
    pass


@dsl.pipeline(name='loop-names-and-limits')
def twin(sizes: List[int] = [1]):
    with dsl.ParallelFor([1, 2, 3], name='Über alle', parallelism=2) as n:
        run(n=n).set_display_name('Run one')
        with dsl.ParallelFor(sizes, parallelism=1) as m:
            run(n=m)
