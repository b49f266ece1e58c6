from kfp import dsl
from kfp.dsl import Dataset


@dsl.pipeline(name='address-in-parts')
def twin(bucket: str = 'b'):
    dsl.importer(artifact_uri=f'gs://{bucket}/data', artifact_class=Dataset)
