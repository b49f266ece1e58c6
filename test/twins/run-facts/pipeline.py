from kfp import dsl


@dsl.container_component
def box():
    return dsl.ContainerSpec(image='busybox', args=[
        dsl.PIPELINE_JOB_NAME_PLACEHOLDER, dsl.PIPELINE_JOB_ID_PLACEHOLDER, f'{dsl.PIPELINE_ROOT_PLACEHOLDER}/x',
        dsl.PIPELINE_TASK_EXECUTOR_INPUT_PLACEHOLDER, dsl.PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER])


@dsl.component
def step(a: str, b: str, c: str, d: str, e: str, f: str, g: str, h: str):
    pass


@dsl.pipeline(name='run-facts')
def twin(text: str = 't'):
    box()
    step(a=dsl.PIPELINE_JOB_NAME_PLACEHOLDER, b=dsl.PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER, c=dsl.PIPELINE_JOB_ID_PLACEHOLDER,
         d=dsl.PIPELINE_TASK_NAME_PLACEHOLDER, e=dsl.PIPELINE_TASK_ID_PLACEHOLDER, f=dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER,
         g=dsl.PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER, h=f'{dsl.PIPELINE_ROOT_PLACEHOLDER}/{text}')
