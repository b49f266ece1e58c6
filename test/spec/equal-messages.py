"""Tells which pairs of documents are the same messages. Reads [[one, other], ...] from standard input as JSON, each a path to YAML,
or to a JSON list of the documents; writes a JSON list of differences to standard output, where an empty text means equal. Parsing is strict: unknown fields are errors."""
import difflib
import json
import sys
from pathlib import Path

import yaml
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2


def read(path):
    text = Path(path).read_text()
    documents = json.loads(text) if path.endswith('.json') else list(yaml.load_all(text, Loader=yaml.CSafeLoader))
    spec = json_format.ParseDict(documents[0], pipeline_spec_pb2.PipelineSpec())
    platform = pipeline_spec_pb2.PlatformSpec()
    if len(documents) > 1:
        json_format.ParseDict(documents[1], platform)
    return spec, platform


def lines(messages):
    return [
        line
        for message in messages
        for line in json.dumps(json_format.MessageToDict(message), indent=1, sort_keys=True).splitlines()
    ]


def difference(one, other):
    wanted, got = read(one), read(other)
    if wanted == got:
        return ''
    diff = difflib.unified_diff(lines(wanted), lines(got), 'one', 'other', lineterm='', n=3)
    return '\n'.join(diff) or 'the messages differ in what JSON does not show'


result = []
for pair in json.load(sys.stdin):
    try:
        result.append(difference(*pair))
    except Exception as error:
        result.append(f'{type(error).__name__}: {error}')
json.dump(result, sys.stdout)
