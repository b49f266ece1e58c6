from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input


@dsl.component
def places(owner: str) -> list:
    return []


@dsl.component
def use(data: Input[Dataset], text: str):
    pass


@dsl.pipeline(name='importer-in-loop')
def twin(owner: str = 'me'):
    found = places(owner=owner)
    with dsl.ParallelFor(found.output) as uri:
        data = dsl.importer(artifact_uri=uri, artifact_class=Dataset, reimport=True,
                            metadata={'uri': uri, 'owner': owner})
        use(data=data.output, text=uri)
    with dsl.ParallelFor([1, 2]) as n:
        again = dsl.importer(artifact_uri='s3://b/c', artifact_class=Dataset)
        use(data=again.output, text=f'{n} of {owner}')
