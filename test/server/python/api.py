"""Tells what KFP's generated client knows of the API: its operations, and the fields of its messages."""
import inspect
import json
import re

import kfp_server_api
from kfp_server_api import models

operations = []
for name, service in inspect.getmembers(kfp_server_api.api, inspect.ismodule):
    for path, method in re.findall(r"'(/apis/[^']*)', '([A-Z]+)'", inspect.getsource(service)):
        # {pipeline.pipeline_id} is {pipeline_id}.
        operations.append(f'{method} ' + re.sub(r'\{\w+\.', '{', path))
messages = {
    name: sorted(model.attribute_map.values())
    for name, model in inspect.getmembers(models, inspect.isclass) if model.attribute_map
}
print(json.dumps({'operations': sorted(set(operations)), 'messages': messages}))
