from typing import NamedTuple

from kfp import dsl


@dsl.component
def note(folder: str, line: str):
    import os
    with open(os.path.join(folder, 'notes.txt'), 'a') as file:
        file.write(f'{line}\n')


@dsl.component
def read(folder: str) -> str:
    import os
    with open(os.path.join(folder, 'notes.txt')) as file:
        return ', '.join(file.read().strip().split('\n'))


@dsl.pipeline(name='workspace', pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size='1Gi')))
def workspace(who: str = 'me') -> NamedTuple('Outputs', [('notes', str)]):
    folder = dsl.WORKSPACE_PATH_PLACEHOLDER
    first = note(folder=folder, line='begun').set_caching_options(False)
    second = note(folder=folder, line=f'seen by {who}').set_caching_options(False).after(first)
    notes = read(folder=folder).set_caching_options(False).after(second)
    return NamedTuple('Outputs', [('notes', str)])(notes.output)
