from kfp import dsl


@dsl.container_component
def box():
    return dsl.ContainerSpec(image='alpine:3.20', args=['true'])


@dsl.pipeline(name='image-in-parts')
def twin(registry: str = 'docker.io', tag: str = '1.36'):
    box().set_container_image(f'{registry}/busybox:{tag}')
