from typing import List

from kfp import dsl


def component(function):
    return dsl.component(function, base_image='matrix/python', install_kfp_package=False)


@component
def repeat(text: str, times: int) -> str:
    return text * times


@component
def join(words: List[str]) -> str:
    return ' '.join(words)


@dsl.pipeline(name='loop-fields')
def main() -> str:
    with dsl.ParallelFor([{'n': 1, 'word': "it's"}, {'n': 2, 'word': '"b"'}], parallelism=1) as item:
        repeated = repeat(text=f'<{item.word}>', times=item.n)
    return join(words=dsl.Collected(repeated.output)).output
