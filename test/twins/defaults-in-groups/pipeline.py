from typing import Dict, List

from kfp import dsl


@dsl.component
def use(text: str = 'none', list: List[int] = [1, 2], struct: Dict[str, float] = {'a': 0.5}, flag: bool = False):
    pass


@dsl.pipeline(name='inner')
def inner(items: List[Dict[str, str]] = [{'a': 'x'}], struct: Dict[str, float] = {'b': 1.5}, flag: bool = True):
    with dsl.ParallelFor(items) as item:
        with dsl.If(item.a == 'x'):
            use(text=item.a, struct=struct)
        use(flag=flag)


@dsl.pipeline(name='defaults-in-groups')
def twin(struct: Dict[str, float] = {'c': 2.5, 'd': 0.0}, list: List[int] = []):
    inner()
    inner(items=[{'a': 'y'}, {'a': 'z'}], flag=False)
    with dsl.ParallelFor([False, True]) as flag:
        inner(struct=struct, flag=flag)
        use(list=list, flag=flag)
