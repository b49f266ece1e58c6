from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Model


@dsl.component
def merge(parts: Input[List[Dataset]], base: Input[Model]):
    pass


@dsl.pipeline(name='pipeline-artifacts')
def twin(parts: Input[List[Dataset]], base: Input[Model]):
    merge(parts=parts, base=base)
