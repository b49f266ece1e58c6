from kfp import dsl, kubernetes


@dsl.component
def choose() -> dict:
    return {}


@dsl.component
def step():
    pass


@dsl.pipeline(name='kubernetes-given')
def twin(selector: dict = {'disk': 'ssd'}, affinity: dict = {'a': 'b'}, toleration: dict = {'key': 'k'}, tolerations: list = ['a']):
    task = step()
    kubernetes.add_node_selector_json(task, selector)
    kubernetes.add_node_affinity_json(task, affinity)
    kubernetes.add_toleration_json(task, toleration)
    kubernetes.add_toleration_json(task, tolerations)
    chosen = choose()
    other = step()
    kubernetes.add_node_selector_json(other, chosen.output)
    kubernetes.add_toleration_json(other, chosen.output)
