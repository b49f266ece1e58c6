from typing import Optional

from kfp import dsl
from kfp.dsl import Dataset, Input, Model, Output


@dsl.component
def make(data: Output[Dataset]):
    pass


@dsl.component
def train(data: Input[Dataset], base: Optional[Input[Model]] = None):
    pass


@dsl.pipeline(name='optional-artifact')
def twin():
    train(data=make().outputs['data'])
