from kfp import dsl


@dsl.component
def step():
    pass


@dsl.pipeline(name='pipeline-deadline', description='Ends in time.', pipeline_config=dsl.PipelineConfig(
    ttl_seconds_after_finished=0, ttl_seconds_after_failure=90, active_deadline_seconds=86400))
def twin():
    step()
