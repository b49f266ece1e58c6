from kfp import dsl, kubernetes


@dsl.component
def step():
    pass


@dsl.pipeline(name='kubernetes-scheduling')
def twin():
    task = step()
    kubernetes.add_node_selector(task, 'disk', 'ssd')
    kubernetes.add_node_selector(task, 'zone', 'a')
    kubernetes.add_node_affinity(task, match_expressions=[{'key': 'gpu', 'operator': 'In', 'values': ['a100', 'h100']}])
    kubernetes.add_node_affinity(task, match_fields=[{'key': 'metadata.name', 'operator': 'Exists'}], weight=50)
    kubernetes.add_toleration(task, key='k', operator='Equal', value='v', effect='NoSchedule', toleration_seconds=10)
    kubernetes.add_toleration(task, operator='Exists')
    kubernetes.add_toleration(task, key='e', effect='NoExecute', toleration_seconds=0)
    kubernetes.add_node_affinity_json(step(), {'requiredDuringSchedulingIgnoredDuringExecution': {'nodeSelectorTerms': [
        {'matchExpressions': [{'key': 'a', 'operator': 'In', 'values': ['b']}]}]}})
