from pathlib import Path
from typing import List

from kfp import components, dsl
from kfp.dsl import Artifact, HTML, Input

every = components.load_component_from_file(str(Path(__file__).parent / 'every.yaml'))


@dsl.component
def first() -> int:
    return 1


@dsl.pipeline(name='load-every')
def twin(a: Input[Artifact], h: Input[List[HTML]]):
    with dsl.ExitHandler(every(a=a, h=h)):
        first()
