"""Runs pipelines by kfp.local: python run-examples.py FILE... Prints one JSON object, file -> outputs."""
import contextlib
import functools
import importlib.util
import io
import json
import logging
import os
import sys
import tempfile
import warnings

warnings.simplefilter('ignore')
logging.disable(logging.CRITICAL)

from kfp import dsl, local  # noqa: E402
from kfp.dsl.graph_component import GraphComponent  # noqa: E402

# This Python has KFP: without this each task would install it anew.
dsl.component = functools.partial(dsl.component, install_kfp_package=False)


def run(path):
    sys.path.insert(0, os.path.dirname(path))
    spec = importlib.util.spec_from_file_location('example', path)
    module = importlib.util.module_from_spec(spec)
    # Components read their own source.
    sys.modules['example'] = module
    spec.loader.exec_module(module)
    pipeline = [value for value in vars(module).values() if isinstance(value, GraphComponent)][-1]
    with tempfile.TemporaryDirectory() as root, contextlib.redirect_stdout(io.StringIO()):
        workspace = os.path.join(root, 'workspace')
        os.mkdir(workspace)
        local.init(local.SubprocessRunner(use_venv=False), pipeline_root=root, workspace_root=workspace)
        return pipeline().outputs


told = {path: run(path) for path in sys.argv[1:]}
json.dump(told, sys.stdout)
