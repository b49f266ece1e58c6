from typing import List

from kfp import dsl


@dsl.component
def measure(n: int) -> float:
    return 0.5


@dsl.component
def use(n: int, loss: float):
    pass


@dsl.pipeline(name='conditions-on-many-levels')
def twin(ns: List[int], limit: float = 0.5, least: int = 1):
    before = measure(n=least)
    with dsl.If(before.output < limit):
        with dsl.ParallelFor(ns) as n:
            inside = measure(n=n)
            with dsl.If(inside.output < before.output):
                with dsl.If(n > least):
                    with dsl.If(inside.output > limit):
                        use(n=n, loss=before.output)
            with dsl.If(inside.output < before.output):
                use(n=least, loss=inside.output)
