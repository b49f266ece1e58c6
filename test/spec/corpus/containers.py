from kfp import dsl
from kfp.dsl import (Artifact, ClassificationMetrics, ConcatPlaceholder, ContainerSpec, Dataset, HTML, IfPresentPlaceholder, Input, Markdown,
                     Metrics, Model, Output, OutputPath, SlicedClassificationMetrics)


@dsl.container_component
def everything(a: str, data: Input[Dataset], out: OutputPath(str), model: Output[Model], m: Output[Metrics], c: Output[ClassificationMetrics],
               s: Output[SlicedClassificationMetrics], h: Output[HTML], md: Output[Markdown], art: Output[Artifact], b: str = None, n: int = 3,
               f: float = 1e-7, t: bool = False, l: list = [], st: dict = {'a': {'b': [1, 'x']}}):
    return ContainerSpec(
        image='alpine',
        command=['sh', '-c', ConcatPlaceholder(['echo ', a, '> ', out])],
        args=[
            IfPresentPlaceholder(input_name='b', then=['--b', b], else_=['--nob']), data.uri, data.path, data.metadata['k'], model.uri,
            model.path, dsl.PIPELINE_TASK_EXECUTOR_INPUT_PLACEHOLDER, n, f, t, l, st
        ])


@dsl.component
def ready() -> str:
    return 'x'


@dsl.pipeline(name='containers')
def twin(uri: str = 'gs://b/x', cpu: str = '1', image: str = 'alpine', acc: str = 'nvidia.com/gpu', count: int = 1, big: int = 2**53, small: float = 5e-324,
         odd: str = 'yes', key: str = '{{$}}'):
    imported = dsl.importer(artifact_uri=uri, artifact_class=Dataset, reimport=True, metadata={'k': 'v', 'u': key})
    constant = dsl.importer(artifact_uri='gs://bucket/data', artifact_class=Model)
    done = everything(a=f'{odd} {dsl.PIPELINE_JOB_NAME_PLACEHOLDER}', data=imported.output)
    done.set_cpu_limit(cpu).set_cpu_request('250m').set_memory_limit('1G').set_memory_request('512Mi')
    done.set_accelerator_type(acc).set_accelerator_limit(count)
    done.set_env_variable('A', 'b').set_env_variable('é', '1').set_display_name('Nice').set_caching_options(True, 'k1')
    done.set_container_image(image)
    ready().set_accelerator_type('nvidia.com/gpu').set_accelerator_limit(2).after(done, constant)
