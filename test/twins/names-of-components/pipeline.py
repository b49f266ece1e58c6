from kfp import dsl


@dsl.component
def load_2_files_v3() -> str:
    return 'x'


@dsl.component
def x2y(text: str) -> str:
    return text


@dsl.component
def a_b_c_2(text: str) -> str:
    return text


@dsl.pipeline(name='names-of-components')
def twin():
    loaded = load_2_files_v3()
    x2y(text=loaded.output)
    done = x2y(text='b')
    a_b_c_2(text=done.output)
    a_b_c_2(text='a')
