from kfp import dsl


@dsl.component
def use(text: str, more: str, yes: str):
    pass


@dsl.pipeline(name='unicode')
def twin(text: str = '日本 é 🦉 \\ end '):
    use(text=text, more='- yes: no # 1e3\nsecond line\t"x"  \u0085\u2028', yes='yes')
