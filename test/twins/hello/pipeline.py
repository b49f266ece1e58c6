from kfp import dsl


@dsl.component
def say_hello(name: str) -> str:
    return 'hello'


@dsl.pipeline(name='hello')
def twin(who: str = 'world'):
    say_hello(name=who)
