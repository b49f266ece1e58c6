from typing import List

from kfp import dsl, kubernetes


@dsl.component
def choose(text: str) -> str:
    return text


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='inner')
def inner(secret: str, claim: str = 'claim'):
    task = use(text='inner')
    kubernetes.use_secret_as_env(task, secret_name=secret, secret_key_to_env={'key': 'KEY'})
    with dsl.If(claim != ''):
        task = use(text='with a claim')
        kubernetes.mount_pvc(task, pvc_name=claim, mount_path='/data')


@dsl.pipeline(name='kubernetes-in-groups')
def twin(secret: str = 'secret', secrets: List[str] = ['a', 'b']):
    chosen = choose(text='x')
    with dsl.ParallelFor(secrets) as item:
        task = use(text='in a loop')
        kubernetes.use_secret_as_env(task, secret_name=item, secret_key_to_env={'password': 'PASSWORD'})
        kubernetes.use_config_map_as_volume(task, config_map_name=chosen.output, mount_path='/config')
        with dsl.If(item == secret):
            task = use(text='in both')
            kubernetes.use_secret_as_volume(task, secret_name=secret, mount_path='/secret', optional=True)
            kubernetes.set_image_pull_secrets(task, [item])
            kubernetes.use_config_map_as_env(task, config_map_name='fixed', config_map_key_to_env={'mode': 'MODE'})
    inner(secret=secret)
