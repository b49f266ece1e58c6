from typing import List, NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def make(N_Items: int, hidden_: str, xML: str = 'a', data_2: float = 0.5, Out_Data: Output[Dataset] = None
         ) -> NamedTuple('Out', [('Total', int), ('per_item', List[str]), ('output', str)]):
    return (1, [], '')


@dsl.component
def use(text: str, Data: Input[Dataset], item: str):
    pass


@dsl.pipeline(name='names-of-inputs')
def twin(N_Items: int = 3, hidden_: str = 'x', camelCase: str = 'y'):
    made = make(N_Items=N_Items, hidden_=hidden_, xML=camelCase)
    with dsl.ParallelFor(made.outputs['per_item']) as item:
        with dsl.If(made.outputs['Total'] > N_Items):
            use(text=f"{made.outputs['output']} {hidden_} {camelCase}", Data=made.outputs['Out_Data'], item=item)
