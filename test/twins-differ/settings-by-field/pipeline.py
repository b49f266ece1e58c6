from kfp import dsl


@dsl.component
def use():
    pass


@dsl.pipeline(name='settings-by-field')
def twin():
    with dsl.ParallelFor([{'image': 'alpine', 'memory': '1Gi'}]) as item:
        use().set_container_image(item.image).set_memory_limit(item.memory)
