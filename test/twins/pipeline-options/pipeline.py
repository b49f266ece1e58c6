from kfp import dsl


@dsl.component
def step(path: str):
    pass


@dsl.pipeline(name='pipeline-options', display_name='All options', pipeline_root='gs://bucket/root',
              pipeline_config=dsl.PipelineConfig(
                  workspace=dsl.WorkspaceConfig(size='10Gi', kubernetes=dsl.KubernetesWorkspaceConfig(
                      pvcSpecPatch={'storageClassName': 'fast', 'accessModes': ['ReadWriteMany']})),
                  ttl_seconds_after_finished=3600, ttl_seconds_after_success=60, ttl_seconds_after_failure=86400,
                  active_deadline_seconds=7200))
def twin():
    step(path=dsl.WORKSPACE_PATH_PLACEHOLDER)
    step(path=f'{dsl.WORKSPACE_PATH_PLACEHOLDER}/inner')
