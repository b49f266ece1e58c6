from typing import List

from kfp import dsl
from kfp.dsl import ClassificationMetrics, HTML, Input, Markdown, Metrics, Output


@dsl.component
def judge(fold: int, metrics: Output[Metrics], matrix: Output[ClassificationMetrics], note: Output[Markdown]) -> float:
    return 0.5


@dsl.component
def summary(metrics: Input[List[Metrics]], matrices: Input[List[ClassificationMetrics]], notes: Input[List[Markdown]],
            scores: List[float], report: Output[HTML]) -> float:
    return 0.5


@dsl.component
def tell(score: float):
    pass


@dsl.pipeline(name='collected-metrics')
def twin(folds: List[int] = [1, 2, 3], least: float = 0.5):
    with dsl.ParallelFor(folds, parallelism=2, name='folds') as fold:
        judged = judge(fold=fold)
    all = summary(metrics=dsl.Collected(judged.outputs['metrics']), matrices=dsl.Collected(judged.outputs['matrix']),
                  notes=dsl.Collected(judged.outputs['note']), scores=dsl.Collected(judged.outputs['Output']))
    with dsl.If(all.outputs['Output'] >= least):
        tell(score=all.outputs['Output'])
