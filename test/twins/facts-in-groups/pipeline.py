from kfp import dsl


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='inner')
def inner(text: str):
    use(text=dsl.PIPELINE_TASK_NAME_PLACEHOLDER)
    use(text=text)


@dsl.pipeline(name='facts-in-groups')
def twin(text: str = 'a'):
    last = use(text=dsl.PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER)
    with dsl.ExitHandler(last):
        with dsl.ParallelFor([1, 2]) as n:
            use(text=f'{dsl.PIPELINE_TASK_ID_PLACEHOLDER} {text}')
        with dsl.If(text == 'a'):
            use(text=dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER)
            inner(text=dsl.PIPELINE_JOB_SCHEDULE_TIME_UTC_PLACEHOLDER)
