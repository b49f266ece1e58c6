from kfp import dsl


@dsl.component
def text(text: str):
    pass


@dsl.component
def number(n: float):
    pass


@dsl.component
def flag(flag: bool):
    pass


@dsl.component
def many(list: list):
    pass


@dsl.component
def struct(struct: dict):
    pass


@dsl.pipeline(name='loops-over-constants')
def twin():
    with dsl.ParallelFor([0.5, 1e-7, 0.00001, 0.0001, 123456789.125, 1e21, -3.25]) as n:
        number(n=n)
    with dsl.ParallelFor([True, False]) as yes:
        flag(flag=yes)
    with dsl.ParallelFor(['', "it's", '"quoted"', 'two\nlines', '日本 é', '{{$}}', '\\']) as item:
        text(text=item)
    with dsl.ParallelFor([['a', 1], [], [['b'], {'c': None}]]) as list:
        many(list=list)
    with dsl.ParallelFor([{'a': 'x', 'b': {'z': [1.5], 'a': 'ü'}}, {'a': '', 'b': {}}]) as item:
        struct(struct=item)
        text(text=item.a)
