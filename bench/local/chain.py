"""Runs a chain of no-op tasks under kfp.local: python chain.py LENGTH."""

import contextlib
import io
import logging
import sys
import tempfile

from kfp import dsl, local


@dsl.component(install_kfp_package=False)
def step(n: int) -> int:
    return n


length = int(sys.argv[1])


@dsl.pipeline(name='chain')
def chain(n: int = 1):
    last = step(n=n)
    for _ in range(length - 1):
        last = step(n=last.output)


logging.disable(logging.CRITICAL)
with tempfile.TemporaryDirectory() as root, contextlib.redirect_stdout(io.StringIO()):
    local.init(local.SubprocessRunner(use_venv=False), pipeline_root=root)
    chain()
