from kfp import dsl
from kfp.dsl import Artifact, Dataset, Input


class Sketch(Artifact):
    schema_title = 'google.Sketch'
    schema_version = '0.1.0'


@dsl.component
def locate() -> str:
    return 'gs://b/x'


@dsl.component
def use(data: Input[Dataset], sketch: Input[Sketch]):
    pass


@dsl.pipeline(name='importer-sources')
def twin():
    where = locate()
    data = dsl.importer(artifact_uri=where.output, artifact_class=Dataset, metadata={'from': where.output, where.output: 'a key'})
    data.set_display_name('The data').set_retry(2)
    sketch = dsl.importer(artifact_uri='oci://registry/sketch', artifact_class=Sketch, metadata={}).after(data)
    use(data=data.output, sketch=sketch.output)
