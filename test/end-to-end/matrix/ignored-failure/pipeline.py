from kfp import dsl


def component(function):
    return dsl.component(function, base_image='matrix/python', install_kfp_package=False)


@component
def fail():
    raise ValueError('the sea is rough')


@component
def clean(what: str) -> str:
    return f'cleaned {what}'


@dsl.pipeline(name='ignored-failure')
def main(what: str = 'the deck') -> str:
    failed = fail()
    return clean(what=what).after(failed).ignore_upstream_failure().output
