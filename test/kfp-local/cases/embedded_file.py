"""A component brings a file along."""

import os
import tempfile

from kfp import dsl
from kfp.dsl import Dataset

FILE = os.path.join(tempfile.mkdtemp(), "table.csv")
with open(FILE, "w") as table:
    table.write("1,2,3")


@dsl.component(install_kfp_package=False, embedded_artifact_path=FILE)
def read(table: dsl.EmbeddedInput[Dataset]) -> str:
    return open(table.path).read()


@dsl.pipeline(name="embedded-file")
def pipeline() -> str:
    return read().output
