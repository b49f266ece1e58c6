from typing import NamedTuple

from kfp import dsl


@dsl.component
def add(a: int, b: int) -> int:
    return a + b


@dsl.component
def multiply(a: int, b: int) -> int:
    return a * b


@dsl.pipeline(name='add-one-and-double')
def add_one_and_double(n: int) -> NamedTuple('Outputs', [('result', int)]):
    added = add(a=n, b=1)
    return NamedTuple('Outputs', [('result', int)])(multiply(a=added.output, b=2).output)


@dsl.pipeline(name='twice')
def twice(start: int = 3) -> NamedTuple('Outputs', [('result', int)]):
    first = add_one_and_double(n=start)
    second = add_one_and_double(n=first.outputs['result'])
    return NamedTuple('Outputs', [('result', int)])(second.outputs['result'])
