from kfp import dsl


@dsl.component
def plan() -> str:
    return '4Gi'


@dsl.component
def use():
    pass


@dsl.pipeline(name='memory-of-a-task-outside')
def twin():
    planned = plan()
    with dsl.ParallelFor([1, 2]) as _:
        use().set_memory_limit(planned.output)
