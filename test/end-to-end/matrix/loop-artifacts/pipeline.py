from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


def component(function):
    return dsl.component(function, base_image='matrix/python', install_kfp_package=False)


@component
def write(text: str, data: Output[Dataset]):
    with open(data.path, 'w') as file:
        file.write(text)


@component
def shout(data: Input[Dataset], loud: Output[Dataset]):
    with open(loud.path, 'w') as file:
        file.write(open(data.path).read().upper())


@component
def join(data: Input[List[Dataset]]) -> str:
    return '+'.join(open(one.path).read() for one in data)


@dsl.pipeline(name='shout-all')
def shout_all(data: Input[List[Dataset]]) -> List[Dataset]:
    with dsl.ParallelFor(data) as one:
        shouted = shout(data=one)
    return dsl.Collected(shouted.outputs['loud'])


@dsl.pipeline(name='loop-artifacts')
def main(words: List[str] = ['a', 'b']) -> str:
    with dsl.ParallelFor(words) as word:
        written = write(text=word)
    return join(data=shout_all(data=dsl.Collected(written.outputs['data'])).output).output
