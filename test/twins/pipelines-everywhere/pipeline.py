from typing import List, NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(text: str, data: Output[Dataset]) -> str:
    return text


@dsl.component
def join(parts: Input[List[Dataset]], texts: List[str], data: Output[Dataset]) -> str:
    return ''


@dsl.component
def whole(data: Input[Dataset], text: str) -> bool:
    return True


@dsl.component
def use(fine: bool):
    pass


@dsl.pipeline(name='part')
def part(text: str = 'p') -> NamedTuple('Out', [('data', Dataset), ('text', str)]):
    made = make(text=text)
    return NamedTuple('Out', [('data', Dataset), ('text', str)])(made.outputs['data'], made.outputs['Output'])


@dsl.pipeline(name='judge')
def judge(data: Input[Dataset], text: str) -> bool:
    return whole(data=data, text=text).output


@dsl.pipeline(name='pipelines-everywhere')
def twin(texts: List[str], mode: str = 'a') -> Dataset:
    with dsl.ParallelFor(texts) as text:
        one = part(text=text).set_display_name('One of them')
        fine = judge(data=one.outputs['data'], text=mode)
        with dsl.If(fine.output == True):
            judge(data=one.outputs['data'], text=one.outputs['text']).set_caching_options(False)
    joined = join(parts=dsl.Collected(one.outputs['data']), texts=dsl.Collected(one.outputs['text']))
    with dsl.If(mode == 'a'):
        first = judge(data=joined.outputs['data'], text=joined.outputs['Output'])
    with dsl.Else():
        with dsl.If(joined.outputs['Output'] != ''):
            judge(data=joined.outputs['data'], text='not empty').set_retry(num_retries=1)
        second = judge(data=joined.outputs['data'], text=mode)
    whole(data=joined.outputs['data'], text='x').after(one)
    use(fine=dsl.OneOf(first.output, second.output))
    return joined.outputs['data']
