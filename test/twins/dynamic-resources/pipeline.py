from kfp import dsl


@dsl.component
def measure() -> str:
    return '2Gi'


@dsl.component
def step(n: int = 1):
    pass


@dsl.pipeline(name='dynamic-resources')
def twin(cpu: str = '2', memory: str = '4Gi', gpu: str = 'nvidia.com/gpu', gpus: int = 1):
    step().set_cpu_limit(cpu).set_cpu_request('250m').set_memory_limit(memory).set_memory_request('512Mi')
    measured = measure()
    step(n=gpus).set_memory_request(measured.output).set_cpu_request(cpu).after(measured)
    step().set_accelerator_type(gpu).set_accelerator_limit(gpus)
    step().set_accelerator_type('nvidia.com/gpu').set_accelerator_limit(gpus)
    step().set_accelerator_type(gpu).set_accelerator_limit(2)
    step().set_accelerator_type(gpu)
