from pathlib import Path
from typing import List

from kfp import components, dsl
from kfp.dsl import Dataset, Input

count_down = components.load_component_from_file(str(Path(__file__).parent / 'whole.yaml'))


@dsl.component
def merge(parts: Input[List[Dataset]], ns: List[int]):
    pass


@dsl.pipeline(name='load-loop')
def twin(starts: List[int] = [3, 4]):
    with dsl.ParallelFor(starts) as start:
        done = count_down(start=start)
    merge(parts=dsl.Collected(done.outputs['data']), ns=dsl.Collected(done.outputs['last']))
