from kfp import dsl


@dsl.component
def say(text: str):
    pass


@dsl.pipeline(name='loop-texts')
def twin(who: str = 'you'):
    with dsl.ParallelFor(['red', 'grün', 'it\'s "blue"']) as colour:
        say(text=colour)
        say(text=f'{who} like {colour}')
