from kfp import dsl


@dsl.component
def use(text: str, run: str):
    pass


@dsl.pipeline(name='run-placeholders')
def twin(bucket: str = 'b'):
    use(text=f'gs://{bucket}/{dsl.PIPELINE_JOB_ID_PLACEHOLDER}', run=dsl.PIPELINE_JOB_NAME_PLACEHOLDER)
