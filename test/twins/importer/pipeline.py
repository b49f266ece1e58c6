from kfp import dsl
from kfp.dsl import Dataset, Input, Model


@dsl.component
def use(data: Input[Dataset], model: Input[Model]):
    pass


@dsl.pipeline(name='importers')
def twin(where: str, label: str = 'spring', rate: float = 0.5):
    data = dsl.importer(
        artifact_uri='gs://bucket/data', artifact_class=Dataset, reimport=True,
        metadata={'label': label, 'fixed': 'a', 'deep': {'rate': rate, 'list': [label, 1, True, f'x {label} {rate}']}})
    model = dsl.importer(artifact_uri=where, artifact_class=Model, metadata={'where': where})
    use(data=data.output, model=model.output)
