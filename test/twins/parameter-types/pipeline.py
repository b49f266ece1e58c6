from typing import Dict, List

from kfp import dsl


@dsl.component
def use(text: str, whole: int, rate: float, flag: bool, list: List[str], struct: Dict[str, int]):
    pass


@dsl.pipeline(name='parameter-types')
def twin(text: str = 'a', whole: int = 3, rate: float = 0.5, flag: bool = False,
         list: List[str] = ['x', 'y'], struct: Dict[str, int] = {'k': 1}):
    use(text=text, whole=whole, rate=rate, flag=flag, list=list, struct=struct)
