from kfp import dsl


@dsl.component
def make(n: int) -> int:
    return n


@dsl.pipeline(name='condition-from-many-levels')
def twin(x: int = 1):
    first = make(n=1)
    with dsl.If(first.output == x):
        second = make(n=first.output)
        with dsl.If(second.output > first.output):
            third = make(n=x)
            with dsl.If(third.output < second.output):
                make(n=first.output)
                make(n=third.output)
