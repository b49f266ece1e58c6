from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input


@dsl.component
def use(data: Input[Dataset]):
    pass


@dsl.pipeline(name='importer-loop')
def twin(uris: List[str] = ['gs://a/1', 'gs://a/2'], tag: str = 't'):
    with dsl.ParallelFor(uris) as uri:
        data = dsl.importer(artifact_uri=uri, artifact_class=Dataset, metadata={'tag': tag})
        use(data=data.output)
        with dsl.If(uri == 'gs://a/1'):
            again = dsl.importer(artifact_uri='gs://b', artifact_class=Dataset, metadata={'tag': f'{tag}!'})
            use(data=again.output)
