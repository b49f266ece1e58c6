from typing import List

from kfp import dsl


@dsl.component
def use(a: str, b: str):
    pass


@dsl.component
def names() -> List[str]:
    return []


@dsl.pipeline(name='loops-over-one-list')
def twin(xs: List[str] = ['a', 'b'], lists: List[List[str]] = [['a'], ['b', 'c']]):
    made = names()
    with dsl.ParallelFor(xs) as a:
        use(a=a, b='first')
    with dsl.ParallelFor(xs, name='again') as a:
        use(a=a, b='second')
    with dsl.ParallelFor(made.output) as a:
        use(a=a, b='third')
    with dsl.ParallelFor(made.output) as a:
        use(a=a, b='fourth')
    with dsl.ParallelFor(lists) as list:
        with dsl.ParallelFor(list) as item:
            use(a=item, b='fifth')
