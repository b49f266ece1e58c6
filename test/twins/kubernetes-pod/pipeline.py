from kfp import dsl, kubernetes


@dsl.component
def step():
    pass


@dsl.pipeline(name='kubernetes-pod')
def twin():
    task = step()
    kubernetes.add_pod_label(task, 'team', 'vision')
    kubernetes.add_pod_label(task, 'tier', 'gold')
    kubernetes.add_pod_annotation(task, 'note', 'a b')
    kubernetes.set_image_pull_policy(task, 'Always')
    kubernetes.use_field_path_as_env(task, 'POD', 'metadata.name')
    kubernetes.use_field_path_as_env(task, 'NODE', 'spec.nodeName')
    kubernetes.set_security_context(task, run_as_user=1000, run_as_group=0, run_as_non_root=False)
    kubernetes.set_timeout(task, 90)
    kubernetes.set_security_context(step(), run_as_non_root=True)
