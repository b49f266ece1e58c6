from kfp import dsl
from kfp.dsl import Artifact, Input, Output


class Sketch(Artifact):
    schema_title = 'google.Sketch'
    schema_version = '0.1.0'


@dsl.component
def draw(sketch: Output[Sketch]):
    pass


@dsl.component
def frame(sketch: Input[Sketch], any: Input[Artifact]):
    pass


@dsl.pipeline(name='own-artifact-type')
def twin():
    made = draw()
    frame(sketch=made.outputs['sketch'], any=made.outputs['sketch'])
