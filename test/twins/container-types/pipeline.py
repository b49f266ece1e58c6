from typing import Dict, List, Optional

from kfp import dsl
from kfp.dsl import HTML, Artifact, ClassificationMetrics, Dataset, Input, Markdown, Metrics, Model, Output


@dsl.container_component
def many(
    s: str, i: int, f: float, b: bool, l: List[str], d: Dict[str, int],
    a: Input[Artifact], m: Input[Model], ms: Input[List[Model]],
    os: dsl.OutputPath(str), oi: dsl.OutputPath(int), of: dsl.OutputPath(float), ob: dsl.OutputPath(bool),
    ol: dsl.OutputPath(List[str]), od: dsl.OutputPath(Dict[str, int]),
    html: Output[HTML], page: Output[Markdown], metrics: Output[Metrics], cm: Output[ClassificationMetrics],
    ds: str = 'x', di: int = 3, df: float = 0.25, db: bool = False, dl: List[int] = [1, 2], dd: Dict[str, str] = {'a': 'b'},
    base: Optional[Input[Dataset]] = None,
):
    return dsl.ContainerSpec(image='busybox', command=['true'], args=[
        s, i, f, b, l, d, a.path, m.uri, ms, os, oi, of, ob, ol, od, html.path, page.uri, metrics.path, cm.metadata,
        ds, di, df, db, dl, dd, dsl.IfPresentPlaceholder(input_name='base', then=['--base', base.path])])


@dsl.container_component
def use(t: str, ms: Input[List[Model]]):
    return dsl.ContainerSpec(image='busybox')


@dsl.pipeline(name='container-types')
def twin(a: Input[Artifact], m: Input[Model], ms: Input[List[Model]]):
    done = many(s='s', i=1, f=0.5, b=True, l=['a'], d={'k': 1}, a=a, m=m, ms=ms)
    use(t=done.outputs['os'], ms=ms)
