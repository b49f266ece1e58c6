"""No-op pipelines: python pipelines.py compile FOLDER, or python pipelines.py run NAME SIZE under kfp.local."""

import contextlib
import io
import logging
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

from kfp import compiler, dsl, local  # noqa: E402


@dsl.component(install_kfp_package=False)
def step(n: int) -> int:
    return n


def chain_of(length):
    @dsl.pipeline(name="chain")
    def chain(n: int = 1):
        last = step(n=n)
        for _ in range(length - 1):
            last = step(n=last.output)

    return chain


def loop_of(length):
    @dsl.pipeline(name="loop")
    def loop():
        with dsl.ParallelFor(list(range(length))) as n:
            step(n=n)

    return loop


kinds = {"chain": chain_of, "loop": loop_of}
action, *rest = sys.argv[1:]
if action == "compile":
    folder, *sizes = rest
    for text in sizes:
        kind, size = text.split(":")
        compiler.Compiler().compile(kinds[kind](int(size)), "%s/%s%s.yaml" % (folder, kind, size))
else:
    kind, size = rest
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as root, contextlib.redirect_stdout(io.StringIO()):
        local.init(local.SubprocessRunner(use_venv=False), pipeline_root=root)
        kinds[kind](int(size))()
