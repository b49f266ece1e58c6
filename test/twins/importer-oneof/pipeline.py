from kfp import dsl
from kfp.dsl import Input, Model, Output


@dsl.component
def train(model: Output[Model]):
    pass


@dsl.component
def use(model: Input[Model]):
    pass


@dsl.pipeline(name='importer-oneof')
def twin(base: str = ''):
    with dsl.If(base == ''):
        trained = train()
    with dsl.Else():
        loaded = dsl.importer(artifact_uri=base, artifact_class=Model)
    use(model=dsl.OneOf(trained.outputs['model'], loaded.outputs['artifact']))
