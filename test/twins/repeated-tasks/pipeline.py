from kfp import dsl


@dsl.component
def add_one(x: int) -> int:
    return 1


@dsl.pipeline(name='repeated-tasks')
def twin(start: int = 1):
    first = add_one(x=start)
    second = add_one(x=first.output)
    add_one(x=second.output)
