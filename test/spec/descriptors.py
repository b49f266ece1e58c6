"""Prints the descriptors of KFP's messages, as the packages kfp and kfp-kubernetes have them, as JSON: name -> fields."""
import json

from google.protobuf.descriptor import FieldDescriptor
from kfp.kubernetes import kubernetes_executor_config_pb2
from kfp.pipeline_spec import pipeline_spec_pb2

kinds = {value: name[5:].lower() for name, value in vars(FieldDescriptor).items() if name.startswith('TYPE_')}
found = {}


def kind_of(field):
    if field.message_type is not None:
        walk(field.message_type)
        return {'message': field.message_type.full_name}
    if field.enum_type is not None:
        return {'enum': [value.name for value in field.enum_type.values]}
    return kinds[field.type]


def described(field):
    entry = field.message_type
    if entry is not None and entry.GetOptions().map_entry:
        return {'map': kind_of(entry.fields_by_name['value'])}
    kind = kind_of(field)
    return {'list': kind} if field.is_repeated else kind


def walk(message):
    if message.full_name in found:
        return
    found[message.full_name] = {}
    for field in message.fields:
        oneof = field.containing_oneof
        found[message.full_name][field.json_name] = {
            'kind': described(field),
            'oneof': oneof.name if oneof is not None else None,
        }


for module in (pipeline_spec_pb2, kubernetes_executor_config_pb2):
    for message in module.DESCRIPTOR.message_types_by_name.values():
        walk(message)
print(json.dumps(found))
