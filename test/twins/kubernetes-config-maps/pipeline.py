from kfp import dsl, kubernetes


@dsl.component
def name() -> str:
    return 'made'


@dsl.component
def step():
    pass


@dsl.pipeline(name='kubernetes-config-maps')
def twin(given: str = 'given'):
    made = name()
    task = step()
    kubernetes.use_config_map_as_env(task, config_map_name='cm', config_map_key_to_env={'a': 'A'})
    kubernetes.use_config_map_as_env(task, config_map_name=made.output, config_map_key_to_env={'b': 'B'}, optional=True)
    kubernetes.use_config_map_as_volume(task, config_map_name='cm', mount_path='/cm', optional=True)
    kubernetes.use_config_map_as_volume(task, config_map_name=given, mount_path='/given')
