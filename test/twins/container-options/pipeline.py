from kfp import dsl, kubernetes


@dsl.container_component
def box(image: str, text: str = 'hi'):
    return dsl.ContainerSpec(image=f'{image}', command=['echo'], args=[f'{text}!', '{{$.pipeline_task_name}}'])


@dsl.pipeline(name='container-options')
def twin(image: str = 'busybox'):
    task = box(image=image)
    task.set_cpu_limit('500m').set_memory_limit('64Mi').set_env_variable('A', '1').set_env_variable('B', '2')
    task.set_caching_options(False).set_retry(1).set_display_name('A box')
    kubernetes.set_image_pull_policy(task, 'Never')
    kubernetes.set_timeout(task, 60)
    box(image='alpine', text=image).after(task)
