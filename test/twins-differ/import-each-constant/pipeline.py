from kfp import dsl
from kfp.dsl import Dataset


@dsl.pipeline(name='import-each-constant')
def twin():
    with dsl.ParallelFor(['s3://b/a', 's3://b/b']) as uri:
        dsl.importer(artifact_uri=uri, artifact_class=Dataset, metadata={'from': uri})
