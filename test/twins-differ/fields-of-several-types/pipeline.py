from kfp import dsl


@dsl.component
def use(text: str, n: int):
    pass


@dsl.pipeline(name='fields-of-several-types')
def twin():
    with dsl.ParallelFor([{'text': 'a', 'n': 1}]) as item:
        use(text=item.text, n=item.n)
