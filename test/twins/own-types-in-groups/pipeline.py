from kfp import dsl
from kfp.dsl import Artifact, Input, Output


class Sketch(Artifact):
    schema_title = 'google.Sketch'
    schema_version = '0.2.0'


@dsl.component
def draw(n: int, sketch: Output[Sketch]):
    pass


@dsl.component
def hang(sketch: Input[Sketch], any: Input[Artifact]):
    pass


@dsl.pipeline(name='hang-both')
def hang_both(sketch: Input[Sketch], best: Input[Sketch]):
    with dsl.ParallelFor([1, 2]) as _:
        hang(sketch=sketch, any=best)


@dsl.pipeline(name='own-types-in-groups')
def twin(fine: bool = True):
    with dsl.If(fine == True):
        one = draw(n=1)
        with dsl.ParallelFor([1, 2]) as n:
            drawn = draw(n=n)
            hang_both(sketch=drawn.outputs['sketch'], best=one.outputs['sketch'])
    with dsl.Else():
        other = draw(n=3)
    best = dsl.OneOf(one.outputs['sketch'], other.outputs['sketch'])
    hang_both(sketch=best, best=best)
