from typing import List

from kfp import dsl, kubernetes


@dsl.component
def name() -> str:
    return 'made'


@dsl.component
def step(n: int):
    pass


@dsl.pipeline(name='kubernetes-loop')
def twin(secret: str = 'given', xs: List[int] = [1, 2], selector: dict = {'a': 'b'}):
    made = name()
    with dsl.ParallelFor(xs) as x:
        task = step(n=x)
        kubernetes.use_secret_as_env(task, secret_name=secret, secret_key_to_env={'k': 'K'})
        kubernetes.use_config_map_as_volume(task, config_map_name=made.output, mount_path='/made')
        kubernetes.mount_pvc(task, pvc_name='fixed', mount_path='/fixed')
        kubernetes.add_node_selector_json(task, selector)
        with dsl.If(x == 1):
            inner = step(n=2)
            kubernetes.use_secret_as_volume(inner, secret_name=made.output, mount_path='/s')
            kubernetes.set_image_pull_secrets(inner, [secret])
            inside = name()
            last = step(n=3)
            kubernetes.use_secret_as_env(last, secret_name=inside.output, secret_key_to_env={'k': 'K'})
