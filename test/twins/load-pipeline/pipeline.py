from pathlib import Path

from kfp import components, dsl
from kfp.dsl import Dataset, Input

count_down = components.load_component_from_file(str(Path(__file__).parent / 'whole.yaml'))


@dsl.component
def show(n: int, data: Input[Dataset]):
    pass


@dsl.pipeline(name='load-pipeline')
def twin(start: int = 5):
    done = count_down(start=start, uri='gs://x/y')
    show(n=done.outputs['last'], data=done.outputs['data'])
    count_down(start=1).after(done).set_display_name('Once more')
