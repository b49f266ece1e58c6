from typing import Dict, List

from kfp import dsl


@dsl.component
def use(text: str, whole: int, rate: float, flag: bool, list: List[int], struct: Dict):
    pass


@dsl.pipeline(name='constants')
def twin():
    use(text='it\'s "quoted"', whole=7, rate=1e-7, flag=True, list=[1, 2], struct={'a': 1, 'b': ['x']})
