from typing import Dict, List

from kfp import dsl


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='field-called-name')
def twin(people: List[Dict[str, str]]):
    with dsl.ParallelFor(people) as person:
        use(text=person.name)
