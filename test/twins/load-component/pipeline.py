from pathlib import Path

from kfp import components, dsl
from kfp.dsl import Dataset, Input

greet = components.load_component_from_file(str(Path(__file__).parent / 'greet.yaml'))


@dsl.component
def note(text: str):
    pass


@dsl.pipeline(name='load-component')
def twin(name: str = 'Ada', times: int = 3):
    first = greet(name=name, times=times)
    again = greet(name=first.output, loud=True, tags=['x', 'y'], extra={'k': 1}, rate=0.25)
    again.set_env_variable('A', 'b').set_cpu_limit('1').set_caching_options(False).set_display_name('Again')
    note(text=again.output)
