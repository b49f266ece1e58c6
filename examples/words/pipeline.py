from typing import NamedTuple

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def split(text: str, words: Output[Dataset], lower_case: bool = True):
    import re
    found = re.findall(r'[^\W\d_]+', text.lower() if lower_case else text)
    with open(words.path, 'w') as file:
        file.write('\n'.join(found))


@dsl.component
def count(words: Input[Dataset], at_least: int) -> NamedTuple('Outputs', [('total', int), ('longest', str)]):
    with open(words.path) as file:
        long = [word for word in file.read().split('\n') if len(word) >= at_least]
    return (len(long), max(long, key=len, default=''))


@dsl.pipeline(name='words')
def words(text: str = 'The fog lifts, the frost remains', at_least: int = 4
          ) -> NamedTuple('Outputs', [('total', int), ('longest', str)]):
    written = split(text=f'{text}.')
    counted = count(words=written.outputs['words'], at_least=at_least)
    return NamedTuple('Outputs', [('total', int), ('longest', str)])(
        counted.outputs['total'], counted.outputs['longest'])
