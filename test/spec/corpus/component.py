from kfp import dsl
from kfp.dsl import Dataset, Input, Model, Output


@dsl.component
def twin(name: str, data: Input[Dataset], model: Output[Model], times: int = 2) -> str:
    """Greets.

    Args:
        name: Who.
    """
    return name
