from typing import List

from kfp import dsl
from kfp.dsl import Artifact, Dataset, Input, Model, Output, PipelineTaskFinalStatus


@dsl.component
def num(x: int = 1) -> int:
    return x


@dsl.component
def text(m: str, st: str = 'é ☃ {{ $ }}') -> str:
    return m


@dsl.component
def numbers() -> List[int]:
    return [1, 2]


@dsl.component
def records() -> List[dict]:
    return [{'a': 1}]


@dsl.component
def make(d: Output[Dataset], x: int = 0):
    pass


@dsl.component
def use(d: Input[Dataset]):
    pass


@dsl.component
def merge(ds: Input[List[Dataset]], xs: List[int] = []) -> str:
    return ''


@dsl.component
def last(status: PipelineTaskFinalStatus, note: str = ''):
    pass


@dsl.pipeline(name='control-flow', description='Loops in loops.\nOver lines.', display_name='Control flow')
def twin(xs: List[int] = [1, 2], name: str = "it's", ratio: float = 0.5, flag: bool = True) -> str:
    end = last(note=name)
    with dsl.ExitHandler(end, name='cleanup'):
        got = numbers()
        with dsl.ParallelFor(got.output, parallelism=3, name='outer') as one:
            with dsl.ParallelFor([{'a': 1, 'b': 3}, {'a': 2, 'b': 4}]) as item:
                inner = num(x=item.a)
                num(x=item.b)
                with dsl.If(inner.output > 3, name='is big'):
                    text(m=f'of {name}')
        with dsl.ParallelFor(xs) as x:
            made = make(x=x)
            n = num(x=x)
            with dsl.ParallelFor(records().output) as record:
                text(m=record.a)
        merge(ds=dsl.Collected(made.outputs['d']), xs=dsl.Collected(n.output))
        first = num()
        with dsl.If(first.output == 1):
            left = text(m='one').set_retry(3, '30s', 1.5, '1h')
        with dsl.Elif(first.output > 2):
            middle = text(m='more').set_caching_options(False)
        with dsl.Else():
            right = text(m='other')
        chosen = dsl.OneOf(left.output, middle.output, right.output)
        text(m=chosen)
        num(x=1).after(first).ignore_upstream_failure()
        with dsl.If(name == 'x'):
            with dsl.If(flag == True):
                a = make(x=1)
            with dsl.Else():
                b = make(x=2)
            use(d=dsl.OneOf(a.outputs['d'], b.outputs['d']))
        with dsl.If(ratio > 0.1):
            text(m='ratio')
    return text(m='end').output
