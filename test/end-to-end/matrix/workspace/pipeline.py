from kfp import dsl


@dsl.component(base_image='matrix/python', install_kfp_package=False)
def leave(folder: str, text: str):
    with open(f'{folder}/left.txt', 'w') as file:
        file.write(text)


@dsl.component(base_image='matrix/python', install_kfp_package=False)
def find(path: str) -> str:
    return f'found {open(path).read()}'


@dsl.pipeline(
    name='workspace',
    pipeline_config=dsl.PipelineConfig(
        workspace=dsl.WorkspaceConfig(
            size='8Mi', kubernetes=dsl.KubernetesWorkspaceConfig(pvcSpecPatch={'storageClassName': 'ferrule-matrix'}))))
def main(text: str = 'what was left') -> str:
    left = leave(folder=dsl.WORKSPACE_PATH_PLACEHOLDER, text=text)
    return find(path=f'{dsl.WORKSPACE_PATH_PLACEHOLDER}/left.txt').after(left).output
