from typing import List

from kfp import dsl


@dsl.component
def add(a: int, b: int) -> int:
    return a + b


@dsl.component
def say(text: str) -> str:
    return text


@dsl.component
def total(values: List[int]) -> int:
    return sum(values)


@dsl.component
def told(text: str, status: dsl.PipelineTaskFinalStatus):
    pass


@dsl.pipeline(name='exit-loop-branch')
def twin(start: int = 1, mode: str = 'a'):
    end = told(text=f'ended {mode}')
    with dsl.ExitHandler(end, name='work'):
        with dsl.ParallelFor([1, 2, 3], parallelism=2) as value:
            added = add(a=value, b=start)
        summed = total(values=dsl.Collected(added.output))
        with dsl.If(summed.output > 5, name='is much'):
            much = say(text='much')
        with dsl.Elif(mode == 'a'):
            named = say(text=f'mode {mode}')
        with dsl.Else():
            little = say(text='little')
        say(text=dsl.OneOf(much.output, named.output, little.output))
