from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.container_component
def prepare(text: str, data: Output[Dataset]):
    return dsl.ContainerSpec(
        image='matrix/shell',
        command=['sh', '-c', 'mkdir -p "$1" && printf %s "$0" > "$1/text" && echo "${2##*/}" > "$1/uri"'],
        args=[text, data.path, data.uri])


@dsl.container_component
def measure(n: int, x: float, flag: bool, items: List[int], data: Input[Dataset], lines: dsl.OutputPath(int),
            told: dsl.OutputPath(str), extra: str = None, missing: str = None):
    return dsl.ContainerSpec(
        image='matrix/shell',
        command=['sh', '-c', 'told=$1 lines=$2 data=$3; shift 3; cat "$data"/* | wc -l > "$lines"; printf "%s|" "$(cat "$data/text")" "$@" > "$told"', 'measure'],
        args=[
            told, lines, data.path, n, x, flag, items,
            dsl.ConcatPlaceholder(['<', n, dsl.IfPresentPlaceholder('extra', extra, 'no'), '>']),
            dsl.IfPresentPlaceholder('missing', ['--missing', missing], ['--none', 'here']),
            dsl.IfPresentPlaceholder('extra', ['--extra', extra]),
            f'--n={n}',
        ])


@dsl.pipeline(name='container-placeholders')
def main(n: int = 3):
    prepared = prepare(text='one\ntwo "quoted" $HOME\n')
    measure(n=n, x=0.5, flag=True, items=[1, 2], data=prepared.outputs['data'], extra='an "extra"')
