from typing import Dict, List

from kfp import dsl


@dsl.component
def plan(text: str) -> str:
    return '4Gi'


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='inner')
def inner(cpu: str, memory: str = '1Gi'):
    use(text='inner').set_cpu_limit(cpu).set_memory_limit(memory)
    with dsl.If(memory != '1Gi'):
        use(text='more').set_memory_request(memory).set_cpu_request('250m')


@dsl.pipeline(name='resources-in-groups')
def twin(cpu: str = '2', sizes: List[str] = ['1Gi', '2Gi'], image: str = 'alpine'):
    memory = plan(text='x').output
    with dsl.ParallelFor(sizes) as size:
        use(text=size).set_memory_limit(size).set_container_image(image)
        use(text='fixed').set_memory_limit('1G').set_cpu_limit('1').set_accelerator_type('nvidia.com/gpu')
    inner(cpu=cpu, memory=memory)
