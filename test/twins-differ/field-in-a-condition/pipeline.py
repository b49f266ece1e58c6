from kfp import dsl


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='field-in-a-condition')
def twin():
    with dsl.ParallelFor([{'title': 'a', 'kind': 'b'}]) as item:
        with dsl.If(item.title == 'a'):
            use(text=item.kind)
