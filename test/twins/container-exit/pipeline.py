from kfp import dsl, kubernetes


@dsl.container_component
def tell(status: dsl.PipelineTaskFinalStatus, to: str = 'me'):
    return dsl.ContainerSpec(image='busybox', args=['--status', status, '--to', to])


@dsl.container_component
def work():
    return dsl.ContainerSpec(image='busybox')


@dsl.pipeline(name='container-exit')
def twin(secret: str = 's', image: str = 'alpine', to: str = 'you'):
    exit_task = tell(to=to)
    exit_task.set_container_image(image).set_cpu_limit('1').set_display_name('Tell')
    kubernetes.use_secret_as_env(exit_task, secret_name=secret, secret_key_to_env={'token': 'TOKEN'})
    kubernetes.set_timeout(exit_task, 60)
    with dsl.ExitHandler(exit_task, name='The work'):
        task = work()
        kubernetes.use_secret_as_volume(task, secret_name=secret, mount_path='/s')
