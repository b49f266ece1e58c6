from kfp import dsl


@dsl.component
def step():
    pass


@dsl.pipeline(name='display-names')
def twin():
    step().set_display_name('The first step: éclair')
    step()
