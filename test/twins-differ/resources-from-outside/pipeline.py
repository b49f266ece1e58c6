from kfp import dsl


@dsl.component
def use():
    pass


@dsl.pipeline(name='resources-from-outside')
def twin(cpu: str = '2', flag: bool = True):
    with dsl.If(flag == True):
        use().set_cpu_limit(cpu)
