from kfp import dsl


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='field-in-template')
def twin():
    with dsl.ParallelFor([{'title': 'a', 'kind': 'b'}]) as item:
        use(text=f'{item.title} of {item.kind}')
