from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def leaf(text: str, data: Output[Dataset]) -> str:
    return text


@dsl.component
def twig(data: Input[Dataset], text: str):
    pass


@dsl.component
def name(text: str) -> List[str]:
    return []


@dsl.pipeline(name='bough')
def bough(text: str, deep: bool = True) -> Dataset:
    with dsl.If(deep == True, name='deep'):
        a = leaf(text=text)
    with dsl.Else():
        b = leaf(text='shallow')
    return dsl.OneOf(a.outputs['data'], b.outputs['data'])


@dsl.pipeline(name='tree')
def tree(texts: List[str], tag: str):
    with dsl.ParallelFor(texts, parallelism=4) as text:
        made = bough(text=text)
        twig(data=made.output, text=tag)


@dsl.pipeline(name='pipelines-three-deep')
def twin(tag: str = 'oak'):
    names = name(text=tag)
    with dsl.If(tag != 'none'):
        with dsl.ParallelFor([['a', 'b'], ['c']]) as texts:
            tree(texts=texts, tag=tag)
        tree(texts=names.output, tag=f'{tag}!')
    tree(texts=['x'], tag='plain')
