from kfp import dsl


@dsl.component
def step():
    pass


@dsl.pipeline(name='resource-parts')
def twin():
    step().set_cpu_request('0.25')
    step().set_memory_request('100Mi')
    step().set_memory_limit('1Ei')
    step().set_memory_limit('7M').set_memory_request('33K')
    step().set_memory_limit('3P').set_memory_request('1000000007')
    step().set_accelerator_type('nvidia.com/gpu').set_accelerator_limit('1')
    step().set_env_variable('B', '2').set_env_variable('A', '1')
