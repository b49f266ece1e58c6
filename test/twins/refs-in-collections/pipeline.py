from typing import Dict, List

from kfp import dsl


@dsl.component
def make(a: str) -> str:
    return 'x'


@dsl.component
def use(list: List[str], struct: Dict[str, str]):
    pass


@dsl.pipeline(name='refs-in-collections')
def twin(who: str = 'me'):
    made = make(a='b')
    use(list=['first', f'{who}', f'{made.output}'], struct={'who': f'by {who}', 'plain': 'x'})
