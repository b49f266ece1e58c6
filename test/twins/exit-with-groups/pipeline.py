from typing import List

from kfp import dsl


@dsl.component
def clean():
    pass


@dsl.component
def run(n: int) -> int:
    return n


@dsl.pipeline(name='exit-with-groups')
def twin(sizes: List[int] = [1], x: int = 1):
    before = run(n=x)
    cleaned = clean()
    with dsl.ExitHandler(cleaned):
        with dsl.ParallelFor(sizes) as size:
            with dsl.If(size == before.output):
                run(n=before.output)
        with dsl.If(x == 1):
            run(n=x)
        with dsl.Else():
            run(n=2)
