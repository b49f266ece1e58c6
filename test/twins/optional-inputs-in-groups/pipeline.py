from typing import Optional

from kfp import dsl
from kfp.dsl import Dataset, Input, Model


@dsl.component
def use(text: Optional[str] = None, n: int = 3, base: Optional[Input[Model]] = None):
    pass


@dsl.pipeline(name='inner')
def inner(note: Optional[str] = None, n: int = 3, base: Optional[Input[Model]] = None):
    use(text=note, n=n, base=base)
    with dsl.If(n > 1):
        use(text=note, base=base)
    with dsl.ParallelFor([1, 2]) as item:
        use(n=item)


@dsl.pipeline(name='optional-inputs-in-groups')
def twin(note: Optional[str] = None, base: Optional[Input[Model]] = None):
    inner()
    inner(base=base, n=1)
    with dsl.If(note != 'none'):
        inner(note=note)
        use()
