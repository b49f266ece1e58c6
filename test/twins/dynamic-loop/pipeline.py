from typing import List

from kfp import dsl


@dsl.component
def choose() -> str:
    return 'busybox'


@dsl.component
def step(cpu: str, gpus: int):
    pass


@dsl.pipeline(name='dynamic-loop')
def twin(cpu: str = '2', gpus: int = 1, images: List[str] = ['a', 'b']):
    chosen = choose()
    with dsl.ParallelFor(images) as image:
        # Python's compiler hands down to a group only what is an input, too, or an image.
        step(cpu=cpu, gpus=gpus).set_container_image(image).set_cpu_limit(cpu).set_accelerator_type('nvidia.com/gpu').set_accelerator_limit(gpus)
        step(cpu='1', gpus=2).set_container_image(chosen.output)
