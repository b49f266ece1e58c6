from kfp import dsl
from kfp.dsl import Dataset, Output


@dsl.component
def make(data: Output[Dataset]):
    """Makes data.

    Args:
        data: What was made.
    """


@dsl.pipeline(name='described-outputs')
def twin():
    make()
