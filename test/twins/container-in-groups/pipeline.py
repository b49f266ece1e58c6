from kfp import dsl
from kfp.dsl import ConcatPlaceholder, ContainerSpec, Dataset, IfPresentPlaceholder, Input, Output, OutputPath


@dsl.container_component
def count(text: str, lines: OutputPath(int), data: Output[Dataset], label: str = None):
    return ContainerSpec(
        image='alpine:3.20',
        command=['sh', '-c', f'echo {text} > {data.path}; wc -l < {data.path} > {lines}'],
        args=[IfPresentPlaceholder('label', ['--label', ConcatPlaceholder(['<', label, '>'])], ['--plain'])])


@dsl.container_component
def join(data: Input[Dataset], lines: int):
    return ContainerSpec(image='alpine:3.20', command=['cat'], args=[data.uri, lines])


@dsl.pipeline(name='container-in-groups')
def twin(limit: int = 3) -> Dataset:
    with dsl.ParallelFor(['a', 'b']) as name:
        counted = count(text=name, label=f'of {name}').set_memory_limit('1G')
        with dsl.If(counted.outputs['lines'] > limit):
            join(data=counted.outputs['data'], lines=counted.outputs['lines'])
    return count(text='all').outputs['data']
