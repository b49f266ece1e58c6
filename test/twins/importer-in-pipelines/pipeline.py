from kfp import dsl
from kfp.dsl import Dataset, Input, Model


@dsl.component
def where() -> str:
    return 's3://b/x'


@dsl.component
def use(data: Input[Dataset], model: Input[Model]):
    pass


@dsl.pipeline(name='load')
def load(uri: str, version: str) -> Dataset:
    return dsl.importer(artifact_uri=uri, artifact_class=Dataset, metadata={'version': version, 'list': [1, 'a']}).output


@dsl.pipeline(name='importer-in-pipelines')
def twin(version: str = '1', remote: bool = True):
    place = where()
    with dsl.If(remote == True):
        data = load(uri=place.output, version=version)
        model = dsl.importer(artifact_uri='s3://b/model', artifact_class=Model,
                             metadata={f'from {version}': {'where': place.output}}).set_display_name('The model')
        use(data=data.output, model=model.output)
    with dsl.Else():
        data = load(uri='s3://b/other', version='0')
        model = dsl.importer(artifact_uri=place.output, artifact_class=Model, reimport=True).set_caching_options(False)
        use(data=data.output, model=model.output).after(data)
