from kfp import dsl


@dsl.component
def choose() -> str:
    return 'busybox:1.36'


@dsl.container_component
def box(text: str):
    return dsl.ContainerSpec(image='alpine:3.20', args=['echo', text])


@dsl.component
def step():
    pass


@dsl.pipeline(name='dynamic-image')
def twin(image: str = 'python:3.12', tag: str = '1.36'):
    step().set_container_image(image)
    chosen = choose()
    box(text='a').set_container_image(chosen.output)
    box(text=image).set_container_image('busybox:1.36')
    box(text='b').set_container_image(f'busybox:{tag}')
    with dsl.If(tag != ''):
        box(text='c').set_container_image(f'docker.io/busybox:{tag}-musl')
