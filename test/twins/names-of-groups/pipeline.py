from kfp import dsl


@dsl.component
def use(text: str) -> str:
    return text


@dsl.pipeline(name='names-of-groups')
def twin(text: str = 'a'):
    last = use(text='last').set_display_name('Zuletzt')
    with dsl.ExitHandler(last, name='Alles: 日本'):
        with dsl.ParallelFor(['a'], name='Über alle') as item:
            with dsl.If(item == text, name='für "a"'):
                use(text=item)
            with dsl.Else(name="it's another"):
                use(text=text)
        with dsl.ParallelFor(['b'], name='Über alle') as item:
            use(text=item)
    with dsl.If(text == 'a', name='für "a"'):
        use(text='x')
    with dsl.Elif(text == 'b', name='  '):
        use(text='y')
