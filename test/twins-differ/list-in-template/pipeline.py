from typing import List

from kfp import dsl


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='list-in-template')
def twin(names: List[str] = ['a']):
    use(text=f'all of {names}')
