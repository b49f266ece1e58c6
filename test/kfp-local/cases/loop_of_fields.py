"""A loop in a loop, over a field of the outer loop's item."""

from kfp import dsl


@dsl.component(install_kfp_package=False)
def groups() -> list:
    return [{"name": "a", "parts": [1, 2]}, {"name": "b", "parts": [3]}]


@dsl.component(install_kfp_package=False)
def mark(folder: str, part: int):
    open("%s/%d" % (folder, part), "w").close()


@dsl.pipeline(name="loop-of-fields")
def pipeline(folder: str):
    with dsl.ParallelFor(groups().output) as group:
        with dsl.ParallelFor(group.parts) as part:
            mark(folder=folder, part=part)


ARGUMENTS = {"folder": "FOLDER"}
EXPECTED = {}
EXPECTED_FILES = ["1", "2", "3"]
REASON = "kfp.local cannot loop over a field of an item: the outer iteration fails"
