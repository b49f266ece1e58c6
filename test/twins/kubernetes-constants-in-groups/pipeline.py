from kfp import dsl, kubernetes


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='inner')
def inner():
    task = use(text='inner')
    kubernetes.add_toleration(task, key='gpu', operator='Exists', effect='NoExecute', toleration_seconds=30)
    kubernetes.set_timeout(task, 60)


@dsl.pipeline(name='kubernetes-constants-in-groups')
def twin(text: str = 'a'):
    last = use(text='last')
    kubernetes.add_pod_label(last, 'role', 'exit')
    with dsl.ExitHandler(last):
        with dsl.ParallelFor(['a', 'b']) as name:
            task = use(text=name)
            kubernetes.add_node_selector(task, 'disk', 'ssd')
            kubernetes.add_pod_annotation(task, 'note', 'looped')
        with dsl.If(text == 'a'):
            task = use(text=text)
            kubernetes.set_image_pull_policy(task, 'Always')
            kubernetes.use_field_path_as_env(task, 'POD', 'metadata.name')
        inner()
    inner()
