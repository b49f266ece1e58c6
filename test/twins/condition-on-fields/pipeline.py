from typing import Dict, List

from kfp import dsl


@dsl.component
def entries() -> List[Dict[str, str]]:
    return []


@dsl.component
def say(text: str):
    pass


@dsl.pipeline(name='condition-on-fields')
def twin():
    with dsl.ParallelFor(entries().output) as entry:
        with dsl.ParallelFor([1]) as _:
            say(text=entry.text)
        with dsl.If(entry.kind == 'long'):
            say(text=entry.text)
        with dsl.Elif(entry.kind == 'short'):
            say(text='short')
