from typing import Dict, List

from kfp import dsl


@dsl.component
def use(text: str, n: str):
    pass


@dsl.pipeline(name='loops-over-fields')
def twin(groups: List[Dict[str, List[str]]], tag: str = 't'):
    with dsl.ParallelFor([{'names': ['a', 'b'], 'n': ['1']}, {'names': ['c'], 'n': ['2']}]) as group:
        with dsl.ParallelFor(group.names, parallelism=1) as title:
            use(text=title, n=tag)
        with dsl.ParallelFor(group.n) as n:
            with dsl.If(n == tag):
                use(text=tag, n=n)
    with dsl.ParallelFor(groups) as group:
        with dsl.ParallelFor(group.names) as title:
            use(text=title, n=tag)
