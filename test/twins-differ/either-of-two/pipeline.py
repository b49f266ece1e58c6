from kfp import dsl


@dsl.component
def use():
    pass


@dsl.pipeline(name='either-of-two')
def twin(a: bool = True, n: int = 1):
    with dsl.If((a == True) or (n > 2)):
        use()
