from kfp import dsl, kubernetes


@dsl.component
def step():
    pass


@dsl.pipeline(name='timeouts')
def twin():
    kubernetes.set_timeout(step(), 300)
    step()
    kubernetes.set_timeout(step(), 20)
