from kfp import dsl


@dsl.component
def step():
    pass


@dsl.pipeline(name='environment')
def twin():
    step().set_env_variable('MODE', 'fast').set_env_variable('LEVEL', '1')
    (step().set_env_variable('MODE', 'fast').set_env_variable('LEVEL', '2').set_env_variable('EXTRA', 'yes'))
