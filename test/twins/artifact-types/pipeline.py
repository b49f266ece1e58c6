from kfp import dsl
from kfp.dsl import (Artifact, ClassificationMetrics, Dataset, HTML, Input, Markdown, Metrics, Model, Output,
                     SlicedClassificationMetrics)


@dsl.component
def make(any: Output[Artifact], data: Output[Dataset], model: Output[Model], metrics: Output[Metrics],
         classes: Output[ClassificationMetrics], slices: Output[SlicedClassificationMetrics], page: Output[HTML],
         notes: Output[Markdown]):
    pass


@dsl.component
def use(any: Input[Artifact], data: Input[Dataset], model: Input[Model], metrics: Input[Metrics],
        classes: Input[ClassificationMetrics], slices: Input[SlicedClassificationMetrics], page: Input[HTML],
        notes: Input[Markdown]):
    pass


@dsl.pipeline(name='artifact-types')
def twin():
    made = make()
    use(any=made.outputs['any'], data=made.outputs['data'], model=made.outputs['model'],
        metrics=made.outputs['metrics'], classes=made.outputs['classes'], slices=made.outputs['slices'],
        page=made.outputs['page'], notes=made.outputs['notes'])
