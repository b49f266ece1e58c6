from typing import Any, Dict, List

from kfp import dsl


@dsl.component
def use(text: str, whole: int, rate: float, flag: bool, list: List[Any], struct: Dict[str, Any]):
    pass


@dsl.pipeline(name='odd-constants')
def twin():
    use(text='', whole=0, rate=0.0, flag=False, list=[], struct={})
    use(text='two\nlines, a "quote", {braces} and \\', whole=-9007199254740991, rate=1e-7, flag=True,
        list=[[], {}, '', -1.5], struct={'': 1, 'a b': {'c': [False, True]}})
    use(text=' 1', whole=2147483648, rate=1e21, flag=True, list=['1', 'true', 'null'], struct={'1': '~'})
