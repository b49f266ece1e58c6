from pathlib import Path
from typing import List

from kfp import components, dsl, kubernetes
from kfp.dsl import Dataset, Input

fit = components.load_component_from_file(str(Path(__file__).parent / 'fit.yaml'))


@dsl.component
def use(n: int):
    pass


@dsl.pipeline(name='load-container')
def twin(data: Input[Dataset], parts: Input[List[Dataset]], secret: str = 's'):
    first = fit(data=data, parts=parts)
    with dsl.ParallelFor([1, 2]) as n:
        again = fit(data=data, parts=parts, base=first.outputs['model'], label='x')
        kubernetes.use_secret_as_env(again, secret_name=secret, secret_key_to_env={'k': 'K'})
        again.set_container_image(secret)
        use(n=again.outputs['count'])
