from typing import List

from kfp import dsl


@dsl.component
def names() -> List[str]:
    return []


@dsl.component
def use():
    pass


@dsl.pipeline(name='groups-of-unused-items')
def twin(flag: bool = True):
    found = names()
    with dsl.If(flag == True):
        with dsl.ParallelFor(found.output):
            use()
