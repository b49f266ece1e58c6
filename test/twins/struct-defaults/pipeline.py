from typing import Any, Dict, List

from kfp import dsl


@dsl.component
def use(shape: Dict[str, Any] = {'size': [64, 64], 'of': {'mean': 0.5, 'flip': True}}, none: List[str] = [],
        empty: Dict[str, str] = {}, grid: List[List[int]] = [[1, 2], [3]]):
    pass


@dsl.pipeline(name='struct-defaults')
def twin(shape: Dict[str, Any] = {'size': [32, 32], 'of': {'mean': 0.25, 'flip': False}},
         grid: List[List[int]] = [[1], [2, 3]], rows: List[Dict[str, str]] = [{'a': 'b'}]):
    use()
    use(shape=shape, grid=grid)
