from kfp import dsl


@dsl.component
def names() -> list:
    return []


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='item-in-template-further-in')
def twin(flag: bool = True):
    with dsl.ParallelFor(names().output) as name:
        with dsl.If(flag == True):
            use(text=f'for {name}')
