from pathlib import Path

from kfp import components, dsl
from kfp.dsl import Dataset, Input
from typing import List

flow = components.load_component_from_file(str(Path(__file__).parent / 'flow.yaml'))


@dsl.component
def merge(parts: Input[List[Dataset]]):
    pass


@dsl.pipeline(name='load-flow')
def twin(go: bool = True):
    with dsl.If(go == True):
        done = flow(text='b', parts=['1', '2', '3'])
        merge(parts=done.output)
