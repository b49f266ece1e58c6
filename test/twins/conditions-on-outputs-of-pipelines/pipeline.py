from typing import NamedTuple

from kfp import dsl


@dsl.component
def measure(n: int) -> NamedTuple('Out', [('loss', float), ('fine', bool), ('name', str)]):
    return (0.5, True, 'x')


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='judge')
def judge(n: int, least: float = 0.5) -> NamedTuple('Out', [('loss', float), ('fine', bool), ('name', str)]):
    done = measure(n=n)
    with dsl.If(done.outputs['loss'] >= least):
        use(text=done.outputs['name'])
    return NamedTuple('Out', [('loss', float), ('fine', bool), ('name', str)])(
        done.outputs['loss'], done.outputs['fine'], done.outputs['name'])


@dsl.pipeline(name='conditions-on-outputs-of-pipelines')
def twin(n: int = 1, names: list = ['a']):
    judged = judge(n=n)
    with dsl.If(judged.outputs['fine'] == True):
        with dsl.If(judged.outputs['loss'] < 0.25):
            use(text=judged.outputs['name'])
        with dsl.Elif(judged.outputs['name'] == 'x'):
            again = judge(n=2, least=judged.outputs['loss'])
            with dsl.If(again.outputs['loss'] != judged.outputs['loss']):
                use(text=again.outputs['name'])
        with dsl.Else():
            use(text='neither')
    with dsl.ParallelFor(names) as name:
        with dsl.If(judged.outputs['name'] == name):
            use(text=name)
