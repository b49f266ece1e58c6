from kfp import dsl


@dsl.component
def step():
    pass


@dsl.component
def never():
    pass


@dsl.pipeline(name='caching')
def twin():
    step().set_caching_options(False)
    step().set_caching_options(True)
    step()
    never().set_caching_options(False)
