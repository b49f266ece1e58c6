from kfp import dsl
from kfp.dsl import Dataset, Input


@dsl.component(base_image='matrix/python', install_kfp_package=False)
def join(one: Input[Dataset], other: Input[Dataset]) -> str:
    import json
    import os
    def told(data):
        return json.dumps(data.metadata, separators=(',', ':'))
    names = ' '.join(sorted(os.listdir(other.path)))
    return f'{open(one.path).read()} from {told(one)}, {names} from {told(other)}'


@dsl.pipeline(name='importer')
def main(uri: str, folder: str, by: str = 'a parameter'):
    one = dsl.importer(artifact_uri=uri, artifact_class=Dataset, metadata={'by': by})
    other = dsl.importer(artifact_uri=folder, artifact_class=Dataset, metadata={'by': 'a constant'}, reimport=True)
    join(one=one.output, other=other.output)
