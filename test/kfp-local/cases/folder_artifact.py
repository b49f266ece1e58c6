"""An artifact may be a folder."""

from kfp import dsl
from kfp.dsl import Artifact, Input, Output


@dsl.component(install_kfp_package=False)
def make(out: Output[Artifact]):
    import os

    os.makedirs(os.path.join(out.path, "sub"))
    for name in ("a.txt", "sub/b.txt"):
        with open(os.path.join(out.path, name), "w") as file:
            file.write(name)


@dsl.component(install_kfp_package=False)
def look(given: Input[Artifact]) -> str:
    import os

    return ",".join(sorted(name for _, _, names in os.walk(given.path) for name in names))


@dsl.pipeline(name="folder-artifact")
def pipeline() -> str:
    return look(given=make().outputs["out"]).output
