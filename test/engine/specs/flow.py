"""Every kind of control flow that KFP has, in small pipelines; compiled to one document each beside this file."""
import sys
from pathlib import Path
from typing import Dict, List, NamedTuple

from kfp import compiler, dsl
from kfp.dsl import Artifact, Dataset, Input, Output


def component(function):
    return dsl.component(function, base_image='python:3.11', install_kfp_package=False)


@component
def number(n: int) -> int:
    return n


@component
def text(t: str) -> str:
    return t


@component
def numbers(upto: int) -> List[int]:
    return list(range(upto))


@component
def untyped(upto: int) -> list:
    return list(range(upto))


@component
def records() -> List[Dict[str, int]]:
    return [{'a': 1, 'b': 10}, {'a': 2, 'b': 20}]


@component
def named() -> NamedTuple('Named', [('names', List[str]), ('big', bool)]):
    return (['x', 'y'], True)


@component
def total(xs: List[int]) -> int:
    return sum(xs)


@component
def nested_total(xs: list) -> int:
    return sum(sum(x) for x in xs)


@component
def write(t: str, data: Output[Dataset]):
    open(data.path, 'w').write(t)


@component
def read(data: Input[Dataset]) -> str:
    return open(data.path).read()


@component
def join(data: Input[List[Dataset]]) -> str:
    return '+'.join(open(d.path).read() for d in data)


@component
def fails() -> int:
    raise RuntimeError('as it should')


@component
def clean(what: str) -> str:
    return what


@component
def report(status: dsl.PipelineTaskFinalStatus) -> str:
    return status.state


Out = NamedTuple('Out', [('sum', int), ('chosen', str), ('parts', str)])


@dsl.pipeline
def one_of_all(n: int = 3, word: str = 'a') -> Out:
    """A loop, a condition, one of several values, collected values."""
    made = numbers(upto=n)
    with dsl.ParallelFor(made.output) as item:
        one = number(n=item)
        data = write(t=f'<{item}>')
    with dsl.If(word == 'a'):
        first = text(t='is a')
    with dsl.Elif(word == 'b'):
        second = text(t='is b')
    with dsl.Else():
        third = text(t='is neither')
    chosen = dsl.OneOf(first.output, second.output, third.output)
    added = total(xs=dsl.Collected(one.output))
    joined = join(data=dsl.Collected(data.outputs['data']))
    told = text(t=chosen)
    return Out(added.output, told.output, joined.output)


@dsl.pipeline
def whole_thread(n: int = 3, word: str = 'a'):
    """The same inside of an exit handler."""
    with dsl.ExitHandler(report()):
        one_of_all(n=n, word=word)


@dsl.pipeline
def literals():
    with dsl.ParallelFor([1, 2, 3], parallelism=2) as n:
        number(n=n)
    with dsl.ParallelFor(['x', "it's"]) as t:
        text(t=t)
    with dsl.ParallelFor([{'a': 1, 'b': 'q'}, {'a': 2, 'b': 'r'}], name='over-objects') as it:
        number(n=it.a)
        text(t=f'{it.b}!')


@dsl.pipeline
def nested(rows: List[List[int]] = [[1, 2], [], [3]], limit: int = 1) -> int:
    with dsl.ParallelFor(rows) as row:
        with dsl.ParallelFor(row) as n:
            kept = number(n=n)
            with dsl.If(n > limit):
                number(n=n)
    return nested_total(xs=dsl.Collected(kept.output)).output


@dsl.pipeline
def fields() -> int:
    made = records()
    with dsl.ParallelFor(made.output) as row:
        a = number(n=row.a)
        with dsl.If(row.b == 20):
            number(n=row.b)
    other = named()
    with dsl.ParallelFor(other.outputs['names']) as name:
        text(t=name)
    with dsl.If(other.outputs['big'] == True):  # noqa: E712
        text(t='big')
    loose = untyped(upto=2)
    with dsl.ParallelFor(loose.output) as n:
        with dsl.If(n == 1):
            number(n=n)
    return total(xs=dsl.Collected(a.output)).output


@dsl.pipeline
def empty(xs: List[int] = []) -> NamedTuple('Sums', [('sum', int), ('parts', str)]):
    with dsl.ParallelFor(xs) as n:
        one = number(n=n)
        data = write(t=f'{n}')
    Sums = NamedTuple('Sums', [('sum', int), ('parts', str)])
    return Sums(total(xs=dsl.Collected(one.output)).output, join(data=dsl.Collected(data.outputs['data'])).output)


@dsl.pipeline
def each_of(ds: Input[List[Dataset]]):
    with dsl.ParallelFor(ds) as one:
        read(data=one)


@dsl.pipeline
def artifacts():
    with dsl.ParallelFor([1, 2]) as n:
        made = write(t=f'{n}')
    each_of(ds=dsl.Collected(made.outputs['data']))


@dsl.pipeline
def chosen_artifact(word: str) -> str:
    asked = text(t=word)
    with dsl.If(asked.output == 'a', name='is-a'):
        first = write(t='A')
    with dsl.Else():
        second = write(t='other')
    return read(data=dsl.OneOf(first.outputs['data'], second.outputs['data'])).output


@dsl.pipeline
def failing():
    told = report()
    with dsl.ExitHandler(told, name='guarded'):
        bad = fails()
        number(n=bad.output)


@dsl.pipeline
def ignoring(word: str = 'x') -> str:
    bad = fails()
    after = clean(what=word).after(bad).ignore_upstream_failure()
    return after.output


@dsl.pipeline
def inner(n: int, xs: List[int] = [1, 2]) -> int:
    with dsl.If(n > 1):
        number(n=n)
    with dsl.ParallelFor(xs) as x:
        one = number(n=x)
    return total(xs=dsl.Collected(one.output)).output


@dsl.pipeline
def sub_pipelines(n: int = 2) -> int:
    first = inner(n=n)
    with dsl.ParallelFor([1, 2]) as m:
        second = inner(n=m, xs=[3])
    with dsl.If(first.output == 3):
        inner(n=first.output)
    return total(xs=dsl.Collected(second.output)).output


pipelines = [one_of_all, whole_thread, literals, nested, fields, empty, artifacts, chosen_artifact, failing, ignoring, sub_pipelines]

if __name__ == '__main__':
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    for one in pipelines:
        compiler.Compiler().compile(one, str(folder / f'{one.name}.yaml'))
