from kfp import dsl
from kfp.dsl import Dataset, Input


@dsl.component(base_image='matrix/python', install_kfp_package=False)
def read(data: Input[Dataset]) -> str:
    return open(data.path).read()


@dsl.pipeline(name='importer-file')
def main(uri: str):
    read(data=dsl.importer(artifact_uri=uri, artifact_class=Dataset).output)
