from kfp import dsl, kubernetes


@dsl.component
def step():
    pass


@dsl.pipeline(name='kubernetes-secrets')
def twin(name: str = 'given'):
    task = step()
    kubernetes.use_secret_as_env(task, secret_name='db', secret_key_to_env={'user': 'DB_USER', 'password': 'DB_PASSWORD'})
    kubernetes.use_secret_as_env(task, secret_name=name, secret_key_to_env={'k': 'K'}, optional=True)
    kubernetes.use_secret_as_volume(task, secret_name='tls', mount_path='/tls')
    kubernetes.use_secret_as_volume(task, secret_name=name, mount_path='/given', optional=True)
    kubernetes.set_image_pull_secrets(task, ['registry', name])
