"""Tasks share a folder for the time of the run."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def write(folder: str) -> str:
    with open(folder + "/note", "w") as file:
        file.write("left here")
    return folder


@dsl.component(install_kfp_package=False)
def read(folder: str) -> str:
    return open(folder + "/note").read()


@dsl.pipeline(
    name="workspace",
    pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size="1Gi")),
)
def pipeline() -> str:
    written = write(folder=dsl.WORKSPACE_PATH_PLACEHOLDER)
    return read(folder=dsl.WORKSPACE_PATH_PLACEHOLDER).after(written).output
