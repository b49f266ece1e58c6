from typing import Optional

from kfp import dsl
from kfp.dsl import ConcatPlaceholder, Dataset, IfPresentPlaceholder, Input


@dsl.container_component
def deep(x: str, y: Optional[str] = None, z: Optional[int] = None, d: Optional[Input[Dataset]] = None):
    return dsl.ContainerSpec(
        image='busybox',
        command=[ConcatPlaceholder(['sh', '-', ConcatPlaceholder(['c', x])])],
        args=[
            IfPresentPlaceholder(input_name='y', then=[IfPresentPlaceholder(input_name='z', then=['--z', z], else_='no z'), y],
                                 else_=IfPresentPlaceholder(input_name='z', then='only z')),
            ConcatPlaceholder(['a', IfPresentPlaceholder(input_name='y', then=ConcatPlaceholder(['[', y, ']']), else_=IfPresentPlaceholder(input_name='z', then=z))]),
            IfPresentPlaceholder(input_name='d', then=['--d', d.path, ConcatPlaceholder(['u=', d.uri])], else_=[]),
            'Zürich "quoted" \\ \n new line \U0001F600',
            ConcatPlaceholder(['Zürich "quoted" \\ \n new line \U0001F600 \x7f', x]),
        ])


@dsl.pipeline(name='container-nested')
def twin():
    deep(x='a')
    deep(x='b', y='c', z=1)
