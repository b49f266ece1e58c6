from pathlib import Path

from kfp import components, dsl

count_down = components.load_component_from_file(str(Path(__file__).parent / 'whole.yaml'))


@dsl.component
def twice(n: int) -> int:
    return n


@dsl.pipeline(name='inner')
def inner(n: int) -> int:
    done = count_down(start=n, secret='own')
    return twice(n=done.outputs['last']).output


@dsl.pipeline(name='load-nested')
def twin(n: int = 2):
    inner(n=inner(n=n).output)
