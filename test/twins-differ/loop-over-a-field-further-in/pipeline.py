from kfp import dsl


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='loop-over-a-field-further-in')
def twin(flag: bool = True):
    with dsl.ParallelFor([{'names': ['a', 'b']}]) as group:
        with dsl.If(flag == True):
            with dsl.ParallelFor(group.names) as title:
                use(text=title)
