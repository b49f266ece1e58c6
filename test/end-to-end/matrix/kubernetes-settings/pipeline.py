from kfp import dsl, kubernetes


@dsl.component(base_image='matrix/python', install_kfp_package=False)
def tell() -> str:
    import os
    read = lambda path: open(path).read()
    return ' '.join([
        os.environ['PASSWORD'], read('/secrets/password'), os.environ['COLOUR'], read('/settings/colour'),
        str(os.environ['NODE'].startswith('ferrule-')), str(os.path.isdir('/scratch')), os.environ['LABEL'],
    ])


@dsl.pipeline(name='kubernetes-settings')
def main(secret: str = 'harbour') -> str:
    told = tell()
    kubernetes.use_secret_as_env(told, secret, {'password': 'PASSWORD'})
    kubernetes.use_secret_as_volume(told, 'harbour', '/secrets')
    kubernetes.use_config_map_as_env(told, 'harbour', {'colour': 'COLOUR'})
    kubernetes.use_config_map_as_volume(told, 'harbour', '/settings')
    kubernetes.use_field_path_as_env(told, 'NODE', 'spec.nodeName')
    kubernetes.use_field_path_as_env(told, 'LABEL', "metadata.labels['team']")
    kubernetes.empty_dir_mount(told, 'scratch', '/scratch', medium='Memory', size_limit='8Mi')
    kubernetes.add_pod_label(told, 'team', 'vision')
    kubernetes.add_pod_annotation(told, 'example.com/why', 'a test')
    kubernetes.add_node_selector(told, 'kubernetes.io/os', 'linux')
    kubernetes.add_toleration(told, key='example.com/busy', operator='Exists', effect='NoSchedule')
    kubernetes.set_image_pull_policy(told, 'IfNotPresent')
    return told.output
