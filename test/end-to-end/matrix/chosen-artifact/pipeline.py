from kfp import dsl
from kfp.dsl import Dataset, Input, Output


def component(function):
    return dsl.component(function, base_image='matrix/python', install_kfp_package=False)


@component
def write(text: str, data: Output[Dataset]):
    with open(data.path, 'w') as file:
        file.write(text)
    data.metadata['by'] = text


@component
def read(data: Input[Dataset]) -> str:
    return f'{open(data.path).read()} by "{data.metadata["by"]}"'


@dsl.pipeline(name='chosen-artifact')
def main(word: str = 'x') -> str:
    with dsl.If(word == 'a', name='is-a'):
        first = write(text='A')
    with dsl.Else():
        second = write(text='other')
    return read(data=dsl.OneOf(first.outputs['data'], second.outputs['data'])).output
