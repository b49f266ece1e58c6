from kfp import dsl, kubernetes


@dsl.component
def name(of: str) -> str:
    return of


@dsl.component
def step(n: int = 1):
    pass


@dsl.pipeline(name='kubernetes-waits')
def twin():
    a = name(of='a')
    b = name(of='b').after(a)
    task = step()
    kubernetes.use_secret_as_env(task, secret_name=a.output, secret_key_to_env={'k': 'K'})
    kubernetes.use_secret_as_volume(task, secret_name=a.output, mount_path='/a')
    kubernetes.use_config_map_as_env(task, config_map_name=b.output, config_map_key_to_env={'c': 'C'})
    kubernetes.set_image_pull_secrets(task, [b.output, 'fixed'])
    with dsl.If(a.output == 'a'):
        inner = step(n=2)
        kubernetes.use_secret_as_env(inner, secret_name=b.output, secret_key_to_env={'k': 'K'})
        with dsl.ParallelFor([1, 2]) as n:
            innermost = step(n=n)
            kubernetes.mount_pvc(innermost, pvc_name=a.output, mount_path='/x')
