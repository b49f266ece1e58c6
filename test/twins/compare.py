"""Compiles each pipeline.py with the real KFP SDK and compares it with Ferrule's document, message by message.

Reads a JSON list of {"name", "python", "document"} from standard input; writes a JSON object {name: difference}
to standard output, where an empty text means equal. Where there is no twin, the document must parse. Commands, args and images of
components that are code differ with the language, and are not compared; those of containers and of loaded components are. The SDK's version
differs, too.
"""
import difflib
import importlib.util
import json
import sys
import tempfile
from pathlib import Path

import yaml
from google.protobuf import json_format
from kfp import compiler
from kfp.pipeline_spec import pipeline_spec_pb2


def read(path):
    documents = list(yaml.safe_load_all(Path(path).read_text()))
    spec = json_format.ParseDict(documents[0], pipeline_spec_pb2.PipelineSpec())
    platform = pipeline_spec_pb2.PlatformSpec()
    if len(documents) > 1:
        json_format.ParseDict(documents[1], platform)
    return spec, platform


# KFP's own components for volume claims: ours have no descriptions.
CLAIMS = ('comp-createpvc', 'comp-deletepvc')


def executors_of(spec):
    return spec.deployment_spec['executors'].fields if 'executors' in spec.deployment_spec else {}


def own_code(spec):
    """The labels of executors that run TypeScript: their twins run Python."""
    labels = set()
    for label, executor in executors_of(spec).items():
        container = executor.struct_value.fields.get('container')
        args = container.struct_value.fields.get('args') if container is not None else None
        if args is not None and any(value.string_value == '--code' for value in args.list_value.values):
            labels.add(label)
    return labels


def forget_code(container):
    for field in ('command', 'args'):
        container.pop(field, None)
    # An image that a run decides is a matter of the pipeline.
    if '{{$' not in container['image'].string_value:
        container.pop('image', None)


def comparable(spec, code):
    spec.sdk_version = ''
    for label, executor in executors_of(spec).items():
        if label in code:
            forget_code(executor.struct_value.fields['container'].struct_value.fields)
    for name, component in spec.components.items():
        if name.startswith(CLAIMS):
            for parameter in component.input_definitions.parameters.values():
                parameter.description = ''
    return spec


def as_lines(message):
    return json.dumps(json_format.MessageToDict(message), indent=1, sort_keys=True).splitlines()


def python_documents(path, folder):
    spec = importlib.util.spec_from_file_location('twin', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    target = str(Path(folder) / 'python.yaml')
    compiler.Compiler().compile(module.twin, target)
    return read(target)


def difference(case):
    if case['python'] is None:
        read(case['document'])
        return ''
    with tempfile.TemporaryDirectory() as folder:
        wanted, wanted_platform = python_documents(case['python'], folder)
    got, got_platform = read(case['document'])
    code = own_code(got)
    comparable(wanted, code), comparable(got, code)
    if wanted == got and wanted_platform == got_platform:
        return ''
    lines = difflib.unified_diff(
        as_lines(wanted) + as_lines(wanted_platform),
        as_lines(got) + as_lines(got_platform),
        'python', 'ferrule', lineterm='', n=4)
    return '\n'.join(lines) or 'the messages differ in what JSON does not show'


result = {}
for case in json.load(sys.stdin):
    try:
        result[case['name']] = difference(case)
    except Exception as error:  # one broken case must not hide the others
        result[case['name']] = f'{type(error).__name__}: {error}'
json.dump(result, sys.stdout)
