from typing import List, Optional

from kfp import dsl
from kfp.dsl import ConcatPlaceholder, Dataset, IfPresentPlaceholder, Input, Model, Output


@dsl.container_component
def train(text: str, data: Input[Dataset], parts: Input[List[Dataset]], model: Output[Model],
          count: dsl.OutputPath(int), label: Optional[str] = None, rate: float = 0.5):
    return dsl.ContainerSpec(
        image='alpine:3.20',
        command=['sh', '-c', f'echo {text} > {count}; cp {data.path} {model.path}'],
        args=[
            '--uri', data.uri, '--out', model.uri, '--parts', parts, '--text', text, '--rate', rate,
            data.metadata, data.metadata['rows'], model.metadata['k'],
            ConcatPlaceholder(['--x=', text, ' é "', data.uri, IfPresentPlaceholder(input_name='label', then=label, else_='none')]),
            IfPresentPlaceholder(input_name='label', then=['--label', label], else_=['--none']),
            IfPresentPlaceholder(input_name='label', then='yes'),
            IfPresentPlaceholder(input_name='label', then=ConcatPlaceholder(['a', label])),
            dsl.PIPELINE_TASK_EXECUTOR_INPUT_PLACEHOLDER,
            dsl.PIPELINE_JOB_NAME_PLACEHOLDER,
            dsl.PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER,
        ])


@dsl.pipeline(name='containers')
def twin(data: Input[Dataset], parts: Input[List[Dataset]], text: str = 'hello'):
    first = train(text=text, data=data, parts=parts)
    train(text='x', data=data, parts=parts, label='y', rate=0.25)
    again = train(text=f'{text}-{first.outputs["count"]}', data=data, parts=parts)
    again.set_cpu_limit('2').set_env_variable('A', 'b')
