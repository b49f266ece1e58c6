from kfp import dsl, kubernetes


@dsl.component
def step():
    pass


@dsl.component
def other():
    pass


@dsl.pipeline(name='inner')
def inner(secret: str, selector: dict = {'a': 'b'}):
    task = other()
    kubernetes.use_secret_as_env(task, secret_name=secret, secret_key_to_env={'k': 'K'})
    kubernetes.add_node_selector_json(task, selector)
    kubernetes.set_timeout(task, 30)


@dsl.pipeline(name='kubernetes-nested')
def twin(secret: str = 'given'):
    task = step()
    kubernetes.use_secret_as_volume(task, secret_name=secret, mount_path='/s')
    inner(secret=secret)
