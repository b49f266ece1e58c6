from typing import List

from kfp import dsl


@dsl.component
def use(text: str, whole: int, rate: float, flag: bool, list: List[str]):
    pass


@dsl.pipeline(name='required-parameters')
def twin(text: str, whole: int, rate: float, flag: bool, list: List[str]):
    use(text=text, whole=whole, rate=rate, flag=flag, list=list)
