"""Compiles pipelines with the real KFP SDK. Reads {name: pipeline.py} and a folder from standard input as JSON; writes <folder>/<name>.yaml
for each, and a JSON object {name: error} to standard output, where an empty text means that it compiled."""
import importlib.util
import json
import sys
import warnings
from pathlib import Path

from kfp import compiler

warnings.simplefilter('ignore')


def compiled(name, source, target):
    spec = importlib.util.spec_from_file_location(f'twin_{name}'.replace('-', '_'), source)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    compiler.Compiler().compile(module.twin, str(target))


request = json.load(sys.stdin)
result = {}
for name, source in request['pipelines'].items():
    try:
        compiled(name, source, Path(request['folder']) / f'{name}.yaml')
        result[name] = ''
    except Exception as error:  # one that does not compile must not hide the others
        result[name] = f'{type(error).__name__}: {error}'
json.dump(result, sys.stdout)
