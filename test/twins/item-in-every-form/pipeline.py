from typing import Dict, List

from kfp import dsl


@dsl.component
def make() -> list:
    return []


@dsl.component
def use(text: str, struct: dict, list: list):
    pass


@dsl.pipeline(name='item-in-every-form')
def twin(items: List[Dict[str, str]], tag: str = 't'):
    made = make()
    with dsl.ParallelFor(items) as item:
        use(text=f'of {tag}', struct=item, list=[f'{tag}', 'x'])
        with dsl.If(item.title == tag):
            use(text=item.title, struct={'tag': f'<{tag}>'}, list=[f'{tag}'])
        with dsl.ParallelFor(made.output) as other:
            use(text=other, struct=item, list=['x'])
