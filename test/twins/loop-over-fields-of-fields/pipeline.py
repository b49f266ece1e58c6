from typing import Dict, List

from kfp import dsl


@dsl.component
def trees() -> List[Dict[str, List[Dict[str, List[str]]]]]:
    return []


@dsl.component
def say(text: str):
    pass


@dsl.pipeline(name='loop-over-fields-of-fields')
def twin():
    with dsl.ParallelFor(trees().output) as tree:
        with dsl.ParallelFor(tree.branches) as branch:
            with dsl.ParallelFor(branch.leaves) as leaf:
                say(text=leaf)
