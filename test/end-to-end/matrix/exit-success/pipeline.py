from kfp import dsl


def component(function):
    return dsl.component(function, base_image='matrix/python', install_kfp_package=False)


@component
def work(n: int) -> int:
    return n + 1


@component
def report(what: str, status: dsl.PipelineTaskFinalStatus) -> str:
    assert status.error_code is None and not status.error_message, status
    return f'{what} {status.pipeline_task_name} {status.state}'


@dsl.pipeline(name='exit-success')
def main(what: str = 'ended'):
    told = report(what=what)
    with dsl.ExitHandler(told, name='guarded'):
        work(n=1)
