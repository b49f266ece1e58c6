from kfp import dsl
from kfp.dsl import Dataset, Output


@dsl.component
def fetch(bucket: str, data: Output[Dataset], count: int = 3):
    """Fetches photographs.

    Args:
        bucket: Where the photographs are.
        count: How many of them.
    """


@dsl.pipeline(name='descriptions')
def twin(bucket: str = 'b', plain: str = 'p'):
    """Fetches photographs, twice.

    Args:
        bucket: The bucket: its name.
    """
    fetch(bucket=bucket)
    fetch(bucket=plain)
