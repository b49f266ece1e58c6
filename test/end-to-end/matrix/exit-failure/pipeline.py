from kfp import dsl


def component(function):
    return dsl.component(function, base_image='matrix/python', install_kfp_package=False)


@component
def fail(n: int) -> int:
    raise ValueError('the sea is rough')


@component
def work(n: int) -> int:
    return n + 1


@component
def report(status: dsl.PipelineTaskFinalStatus) -> str:
    reason = status.error_message.split('ValueError: ')[-1]
    return f'{status.pipeline_task_name} {status.state}: {reason}'


@dsl.pipeline(name='exit-failure')
def main():
    told = report()
    with dsl.ExitHandler(told):
        failed = fail(n=1)
        work(n=failed.output)
