from kfp import dsl


@dsl.component
def train():
    pass


def common(task, cpu='2', memory='8Gi', accelerator='nvidia.com/gpu', count='1'):
    return (task.set_cpu_limit(cpu).set_memory_limit(memory)
            .set_accelerator_type(accelerator).set_accelerator_limit(count))


@dsl.pipeline(name='resources')
def twin():
    common(train())
    common(train(), cpu='500m', memory='1G').set_cpu_request('250m').set_memory_request('512Mi')
    common(train(), cpu='0.5', memory='2Ti', accelerator='NVIDIA_TESLA_T4', count='4')
