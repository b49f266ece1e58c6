from kfp import dsl


@dsl.component(base_image='python:3.11', install_kfp_package=False)
def tell(name: str, task: str, created: str) -> str:
    import os
    from datetime import datetime
    datetime.fromisoformat(created.replace('Z', '+00:00'))
    known = len(name) > 0 and '{{' not in name
    return f'{task} {known} {os.environ["GREETING"]} {len(os.environ["EMPTY"])}'


@dsl.pipeline(name='settings')
def main(image: str, memory: str = '200Mi', cpu: str = '500m') -> str:
    told = tell(
        name=dsl.PIPELINE_JOB_NAME_PLACEHOLDER,
        task=dsl.PIPELINE_TASK_NAME_PLACEHOLDER,
        created=dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER)
    told.set_env_variable('GREETING', 'hello $(HOME) "you"')
    told.set_env_variable('EMPTY', '')
    told.set_container_image(image)
    told.set_memory_limit(memory)
    told.set_cpu_limit(cpu)
    return told.output
