from typing import Dict, List, NamedTuple

from kfp import dsl


@dsl.component
def split(text: str) -> NamedTuple('Split', [('count', int), ('mean', float), ('names', List[str]), ('ok', bool),
                                             ('info', Dict[str, str]), ('title', str)]):
    pass


@dsl.component
def use(count: int, mean: float, names: List[str], ok: bool, info: Dict[str, str]):
    pass


@dsl.pipeline(name='several-outputs')
def twin():
    done = split(text='a b')
    use(count=done.outputs['count'], mean=done.outputs['mean'], names=done.outputs['names'],
        ok=done.outputs['ok'], info=done.outputs['info'])
