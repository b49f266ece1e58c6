from kfp import dsl


@dsl.component
def a_component_whose_name_is_so_long_that_no_label_of_kubernetes_could_ever_hold_it():
    pass


@dsl.pipeline(name='long-names')
def twin():
    a_component_whose_name_is_so_long_that_no_label_of_kubernetes_could_ever_hold_it()
