from kfp import dsl, kubernetes


@dsl.container_component
def box():
    return dsl.ContainerSpec(image='busybox')


@dsl.component
def step():
    pass


@dsl.pipeline(name='container-defaults')
def twin():
    first = box()
    first.set_cpu_limit('1').set_memory_limit('1Gi').set_env_variable('A', '1').set_caching_options(False)
    kubernetes.add_pod_label(first, 'team', 'vision')
    second = box()
    second.set_cpu_limit('2').set_memory_limit('1Gi').set_env_variable('A', '2').set_env_variable('B', '3').set_caching_options(False)
    kubernetes.add_pod_label(second, 'team', 'sound')
    third = step()
    kubernetes.add_node_selector(third, 'disk', 'ssd')
    kubernetes.add_pod_annotation(third, 'a', 'b')
