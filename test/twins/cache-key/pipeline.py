from kfp import dsl
from kfp.dsl import Dataset


@dsl.component
def step(n: int):
    pass


@dsl.pipeline(name='inner')
def inner(n: int):
    step(n=n)


@dsl.pipeline(name='cache-key')
def twin(n: int = 1):
    step(n=n).set_caching_options(True, cache_key='k1')
    inner(n=n).set_caching_options(True, cache_key='k 2')
    dsl.importer(artifact_uri='gs://a/b', artifact_class=Dataset).set_caching_options(False)
