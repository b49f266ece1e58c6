from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(n: int, data: Output[Dataset]):
    """Makes data.

    Args:
        n: How many.
    """
    pass


@dsl.pipeline(name='inner')
def inner(n: int = 1) -> Dataset:
    """Makes it twice.

    Args:
        n: How many each time.
    """
    make(n=n)
    return make(n=n).outputs['data']


@dsl.pipeline(name='descriptions-in-groups', description='Says what it does.')
def twin(n: int = 1):
    """Ignored.

    Args:
        n: How many.
    """
    with dsl.ParallelFor([1, 2]) as item:
        make(n=item)
        inner(n=n)
    inner()
