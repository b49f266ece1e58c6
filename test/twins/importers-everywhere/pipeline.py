from kfp import dsl
from kfp.dsl import Dataset, Input, Model


@dsl.component
def where() -> str:
    return 's3://b/found'


@dsl.component
def use(data: Input[Dataset], model: Input[Model]):
    pass


def both(uri, note):
    data = (dsl.importer(artifact_uri='s3://b/data', artifact_class=Dataset, reimport=True, download_to_workspace=True,
                         metadata={'note': note, 'deep': {'list': [1, True, note], 'none': None}})
            .set_display_name('The data').set_retry(num_retries=1).set_caching_options(False))
    model = dsl.importer(artifact_uri=uri, artifact_class=Model).after(data)
    use(data=data.output, model=model.output)


@dsl.pipeline(name='importers-everywhere', pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig('2Gi')))
def twin(uri: str, note: str = 'n', flag: bool = True):
    found = where()
    with dsl.ExitHandler(where()):
        both(uri, note)
        with dsl.ParallelFor([1, 2]) as _:
            both(found.output, note)
        with dsl.If(flag == True):
            both(uri, note)
        with dsl.Else():
            both(uri, found.output)
