from typing import List

from kfp import dsl, kubernetes
from kfp.dsl import TaskConfig


@dsl.component(task_config_passthroughs=[
    dsl.TaskConfigField.RESOURCES,
    dsl.TaskConfigPassthrough(field=dsl.TaskConfigField.ENV, apply_to_task=True),
    dsl.TaskConfigField.KUBERNETES_TOLERATIONS,
])
def launch(text: str, config: TaskConfig):
    pass


@dsl.pipeline(name='task-config-in-groups')
def twin(memories: List[str] = ['1Gi'], text: str = 'a'):
    with dsl.ParallelFor(memories) as memory:
        task = launch(text=text).set_memory_limit(memory).set_env_variable('A', 'b')
        kubernetes.add_toleration(task, key='gpu', operator='Exists')
        with dsl.If(text == 'a'):
            launch(text='x').set_cpu_limit('2')
