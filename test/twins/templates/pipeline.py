from kfp import dsl


@dsl.component
def name(seed: int) -> str:
    return 'x'


@dsl.component
def use(path: str, note: str):
    pass


@dsl.pipeline(name='templates')
def twin(bucket: str = 'b', seed: int = 1):
    made = name(seed=seed)
    use(path=f'gs://{bucket}/{made.output}/x', note=f'{bucket} {bucket} {seed}')
