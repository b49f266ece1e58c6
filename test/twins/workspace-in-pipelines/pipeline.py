from kfp import dsl
from kfp.dsl import Dataset, Input


@dsl.component
def use(text: str, data: Input[Dataset] = None):
    pass


@dsl.pipeline(name='inner')
def inner(text: str):
    use(text=f'in {text}')


@dsl.pipeline(
    name='workspace-in-pipelines',
    display_name='With a workspace',
    pipeline_root='s3://b/root',
    pipeline_config=dsl.PipelineConfig(
        workspace=dsl.WorkspaceConfig(
            size='1.5Gi', kubernetes=dsl.KubernetesWorkspaceConfig(pvcSpecPatch={'accessModes': ['ReadWriteMany']})),
        ttl_seconds_after_success=3600, active_deadline_seconds=7200))
def twin(names: list = ['a']):
    with dsl.ParallelFor(names) as name:
        inner(text=dsl.WORKSPACE_PATH_PLACEHOLDER)
        use(text=f'{dsl.WORKSPACE_PATH_PLACEHOLDER}/{name}')
    data = dsl.importer(artifact_uri='s3://b/data', artifact_class=Dataset, download_to_workspace=True)
    use(text=dsl.WORKSPACE_PATH_PLACEHOLDER, data=data.output)
