from kfp import dsl


@dsl.component
def made(seed: int) -> float:
    return 0.5


@dsl.component
def use(text: str):
    pass


@dsl.pipeline(name='template-kinds')
def twin(n: int = 1, rate: float = 0.5, flag: bool = True):
    first = made(seed=n)
    second = made(seed=n)
    use(text=f'{n}')
    use(text=f'{first.output}{second.output}{first.output}')
    use(text=f'n={n}, rate={rate}, flag={flag}')
