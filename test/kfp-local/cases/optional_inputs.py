"""Inputs with defaults, given, not given and given as None."""

from typing import List, Optional

from kfp import dsl
from kfp.dsl import Dataset, Input


@dsl.component(install_kfp_package=False)
def join(
    a: str = "a",
    b: Optional[str] = None,
    c: Optional[int] = 5,
    items: List[int] = [1],
    data: Optional[Input[Dataset]] = None,
) -> str:
    return "%s %s %s %d %s" % (a, b, c, len(items), data)


@dsl.pipeline(name="optional-inputs")
def pipeline(given: str = "given") -> str:
    join()
    return join(b=given, items=[]).output
