from typing import NamedTuple

from kfp import dsl, kubernetes


@dsl.component
def region() -> str:
    import os
    return os.environ.get('REGION', 'nowhere')


@dsl.component
def count(text: str) -> int:
    return len(text)


@dsl.pipeline(name='kubernetes')
def on_kubernetes(memory: str = '256Mi', region_name: str = 'eu-west'
                  ) -> NamedTuple('Outputs', [('region', str), ('letters', int)]):
    told = region().set_env_variable('REGION', 'eu')
    kubernetes.add_pod_label(told, 'team', 'weather')
    # kfp.local cannot run a task whose memory is a parameter.
    counted = count(text=f'{told.output} {region_name}').set_cpu_limit('1').set_memory_limit('256Mi')
    kubernetes.add_node_selector(counted, 'kubernetes.io/arch', 'amd64')
    kubernetes.set_image_pull_policy(counted, 'IfNotPresent')
    kubernetes.add_toleration(counted, key='nvidia.com/gpu', operator='Exists', effect='NoSchedule')
    kubernetes.add_pod_annotation(counted, 'example.com/note', 'counts letters')
    return NamedTuple('Outputs', [('region', str), ('letters', int)])(told.output, counted.output)
