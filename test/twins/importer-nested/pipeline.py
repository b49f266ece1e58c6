from kfp import dsl
from kfp.dsl import Dataset, Input


@dsl.component
def use(data: Input[Dataset]):
    pass


@dsl.pipeline(name='fetch')
def fetch(uri: str, tag: str = 'v1') -> Dataset:
    data = dsl.importer(artifact_uri=uri, artifact_class=Dataset, metadata={'tag': tag})
    return data.output


@dsl.pipeline(name='importer-nested')
def twin(uri: str = 'gs://a/b'):
    got = fetch(uri=uri, tag='v2')
    use(data=got.output)
