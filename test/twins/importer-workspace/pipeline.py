from kfp import dsl
from kfp.dsl import Artifact, Dataset, Input


@dsl.component
def use(data: Input[Dataset], other: Input[Artifact]):
    pass


@dsl.pipeline(name='importer-workspace', pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size='1Gi')))
def twin(uri: str = 's3://bucket/x'):
    data = dsl.importer(artifact_uri=uri, artifact_class=Dataset, download_to_workspace=True)
    other = dsl.importer(artifact_uri='minio://b/y', artifact_class=Artifact, metadata={'a': [{'b': 'c'}], 'n': 2, 'f': 0.5, 't': True})
    use(data=data.output, other=other.outputs['artifact'])
