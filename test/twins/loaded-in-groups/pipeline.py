from pathlib import Path
from typing import List

from kfp import components, dsl

made = components.load_component_from_file(str(Path(__file__).parent / 'made.yaml'))
chain = components.load_component_from_file(str(Path(__file__).parent / 'chain.yaml'))


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='loaded-in-groups')
def twin(names: List[str] = ['a'], text: str = 'x'):
    with dsl.ParallelFor(names) as name:
        one = made(text=name)
        with dsl.If(one.output == text):
            use(text=chain(text=one.output, times=2).set_caching_options(False).output)
    with dsl.If(text != 'x'):
        made(text=text, n=1).set_memory_limit('1G').set_display_name('Loaded')
