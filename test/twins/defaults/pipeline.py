from typing import Dict, List, Optional

from kfp import dsl


@dsl.component
def train(data: str, epochs: int = 10, rate: float = 0.001, shuffle: bool = False, mode: str = 'head',
          sizes: List[int] = [1, 2], extra: Dict[str, str] = {'a': 'b'}, note: Optional[str] = None):
    pass


@dsl.pipeline(name='defaults')
def twin():
    train(data='x')
