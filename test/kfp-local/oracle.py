"""Compiles the pipelines beside this file, and runs each by kfp.local: python oracle.py OUTPUT_FOLDER [RUN...].

Writes NAME.yaml, and prints one JSON object: case -> what it says of itself and what kfp.local gave.
"""

import contextlib
import importlib.util
import io
import json
import logging
import os
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")

from kfp import compiler, dsl, local  # noqa: E402

cases = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")


def load(name):
    spec = importlib.util.spec_from_file_location(name, os.path.join(cases, name + ".py"))
    module = importlib.util.module_from_spec(spec)
    # Components read their own source.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def contents(folder):
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, encoding="utf-8") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def plain(value):
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dsl.Artifact):
        return value
    content = contents(value.path) if os.path.isdir(value.path) else open(value.path, encoding="utf-8").read()
    return {"type": value.schema_title, "content": content, "metadata": value.metadata}


def run(module):
    with tempfile.TemporaryDirectory() as root, tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(root, "workspace"))
        local.init(
            local.SubprocessRunner(use_venv=False),
            pipeline_root=root,
            workspace_root=os.path.join(root, "workspace"),
        )
        given = getattr(module, "ARGUMENTS", {})
        arguments = {name: folder if value == "FOLDER" else value for name, value in given.items()}
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                task = module.pipeline(**arguments)
            outputs = {name: plain(value) for name, value in task.outputs.items()}
            return {"kind": "succeeded", "outputs": outputs, "files": files(folder)}
        except BaseException as error:
            words = "%s: %s\n%s" % (type(error).__name__, error, printed.getvalue())
            return {"kind": "failed", "words": words, "files": files(folder)}


def files(folder):
    found = contents(folder)
    found.pop("imported.csv", None)
    return found


out = sys.argv[1]
logging.disable(logging.CRITICAL)
told = {}
for entry in sorted(os.listdir(cases)):
    name, kind = os.path.splitext(entry)
    if kind != ".py":
        continue
    module = load(name)
    compiler.Compiler().compile(module.pipeline, os.path.join(out, name + ".yaml"))
    told[name] = {
        "title": module.__doc__.strip(),
        "arguments": getattr(module, "ARGUMENTS", {}),
        "expected": getattr(module, "EXPECTED", None),
        "expectedFiles": getattr(module, "EXPECTED_FILES", None),
        "reason": getattr(module, "REASON", None),
        "fails": getattr(module, "FAILS", None),
        "theirs": run(module),
    }
print(json.dumps(told))
