"""What KFP's RegistryClient does: repository, address of the record, and the documents are arguments."""

import sys

from kfp.registry import RegistryClient
from kfp.registry.registry_client import ApiAuth
from steps import Steps

repository, record, first, second = sys.argv[1:]
step = Steps(record)
client = RegistryClient(host=repository, auth=ApiAuth('a-token'))
step('upload')
name, version = client.upload_pipeline(first, tags=['one', 'latest'])
step('upload-again')
_, other = client.upload_pipeline(second)
step('list-packages')
client.list_packages()
step('get-package')
client.get_package(name)
step('list-versions')
client.list_versions(name)
step('get-version')
client.get_version(name, version)
step('create-tag')
client.create_tag(name, version, 'stable')
step('get-tag')
client.get_tag(name, 'stable')
step('update-tag')
client.update_tag(name, other, 'stable')
step('list-tags')
client.list_tags(name)
step('download-version')
client.download_pipeline(name, version=version, file_name='/dev/null')
step('download-tag')
client.download_pipeline(name, tag='stable', file_name='/dev/null')
step('delete-tag')
client.delete_tag(name, 'stable')
step('delete-version')
client.delete_version(name, other)
step('delete-package')
client.delete_package(name)
