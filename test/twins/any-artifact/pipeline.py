from kfp import dsl
from kfp.dsl import Artifact, Input, Metrics, Model, Output


@dsl.component
def make(model: Output[Model], metrics: Output[Metrics]):
    pass


@dsl.component
def size(of: Input[Artifact]) -> int:
    return 1


@dsl.pipeline(name='any-artifact')
def twin(given: Input[Artifact]):
    made = make()
    size(of=made.outputs['model'])
    size(of=made.outputs['metrics'])
    size(of=given)
