from kfp import dsl


@dsl.component
def say(first: str, second: str):
    pass


@dsl.component
def whole(entry: dict):
    pass


@dsl.pipeline(name='loop-objects')
def twin():
    with dsl.ParallelFor([{'b': 'x', 'a': 'y'}, {'a': 'z', 'b': 'w'}]) as entry:
        say(first=entry.a, second=entry.b)
        whole(entry=entry)
