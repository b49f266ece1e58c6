"""Prints, as JSON, the specs that kfp.Client would send for documents: files are arguments."""

import json
import sys
import warnings

warnings.simplefilter('ignore')
from kfp.client.client import _extract_pipeline_yaml

specs = {}
for file in sys.argv[1:]:
    document = _extract_pipeline_yaml(file)
    specs[file] = document.to_dict()
json.dump(specs, sys.stdout)
