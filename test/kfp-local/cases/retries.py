"""A task that fails is tried again."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def third_time(folder: str) -> int:
    import os

    tries = len(os.listdir(folder))
    with open("%s/%d" % (folder, tries), "w") as file:
        file.write("tried")
    if tries < 2:
        raise RuntimeError("not yet")
    return tries


@dsl.pipeline(name="retries")
def pipeline(folder: str) -> int:
    return (
        third_time(folder=folder)
        .set_retry(num_retries=3, backoff_duration="1s", backoff_factor=1.0)
        .output
    )


ARGUMENTS = {"folder": "FOLDER"}
