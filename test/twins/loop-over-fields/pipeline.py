from typing import Dict, List

from kfp import dsl


@dsl.component
def groups() -> List[Dict[str, List[int]]]:
    return []


@dsl.component
def take(n: int):
    pass


@dsl.component
def whole(ns: List[int]):
    pass


@dsl.pipeline(name='loop-over-fields')
def twin():
    with dsl.ParallelFor(groups().output) as group:
        with dsl.ParallelFor(group.members) as member:
            take(n=member)
            whole(ns=group.others)
