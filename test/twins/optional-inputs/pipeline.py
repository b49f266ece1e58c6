from typing import Dict, List, Optional

from kfp import dsl
from kfp.dsl import Dataset, Input, Model, Output


@dsl.component
def make(data: Output[Dataset], base: Output[Model]):
    pass


@dsl.component
def train(data: Input[Dataset], base: Optional[Input[Model]] = None, name: Optional[str] = None,
          count: Optional[int] = None, rate: Optional[float] = None, flag: Optional[bool] = None,
          names: Optional[List[str]] = None, sizes: Optional[Dict[str, int]] = None):
    pass


@dsl.pipeline(name='optional-inputs')
def twin(rate: float = 0.5):
    made = make()
    train(data=made.outputs['data'])
    train(data=made.outputs['data'], base=made.outputs['base'], count=3, rate=rate, names=['a'])
