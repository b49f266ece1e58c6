from typing import Optional

from kfp import dsl, kubernetes


@dsl.component(task_config_passthroughs=[
    dsl.TaskConfigField.RESOURCES,
    dsl.TaskConfigField.KUBERNETES_TOLERATIONS,
    dsl.TaskConfigField.KUBERNETES_NODE_SELECTOR,
    dsl.TaskConfigField.KUBERNETES_AFFINITY,
    dsl.TaskConfigPassthrough(field=dsl.TaskConfigField.ENV, apply_to_task=True),
    dsl.TaskConfigPassthrough(field=dsl.TaskConfigField.KUBERNETES_VOLUMES, apply_to_task=True),
])
def launch(nodes: int, config: dsl.TaskConfig):
    pass


@dsl.component(task_config_passthroughs=[dsl.TaskConfigField.ENV])
def plain(config: dsl.TaskConfig, note: Optional[str] = None):
    pass


@dsl.pipeline(name='task-config')
def twin():
    task = launch(nodes=2)
    task.set_cpu_limit('2').set_memory_limit('4Gi').set_env_variable('A', 'b')
    kubernetes.add_toleration(task, key='k', operator='Exists')
    kubernetes.add_node_selector(task, 'disk', 'ssd')
    kubernetes.mount_pvc(task, 'data', '/data')
    plain().set_env_variable('X', 'y')
