from typing import List

from kfp import dsl


@dsl.component
def split(text: str) -> list:
    return []


@dsl.component
def use(a: str, b: str, c: str, tag: str) -> str:
    return ''


@dsl.pipeline(name='loops-three-deep')
def twin(names: List[str], words: List[str] = ['w'], tag: str = 't'):
    outer = split(text=tag)
    with dsl.ParallelFor(names, parallelism=2) as a:
        inner = split(text=a)
        with dsl.ParallelFor(inner.output) as b:
            with dsl.ParallelFor(words) as c:
                first = use(a=a, b=b, c=c, tag=tag)
                with dsl.ParallelFor(outer.output) as d:
                    use(a=d, b=b, c=first.output, tag=tag)
