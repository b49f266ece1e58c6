from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component(base_image='matrix/python', install_kfp_package=False)
def write(n: int, data: Output[Dataset]):
    with open(data.path, 'w') as file:
        file.write('x' * n)


@dsl.component(base_image='matrix/python', install_kfp_package=False)
def measure(data: Input[Dataset]) -> int:
    return len(open(data.path).read())


@dsl.pipeline(name='cache')
def main(n: int = 3) -> int:
    return measure(data=write(n=n).outputs['data']).output
