from kfp import dsl, kubernetes


@dsl.pipeline(name='claim-options')
def twin(size: str = '1Gi', labels: dict = {'a': 'b'}):
    kubernetes.CreatePVC(access_modes=['ReadWriteMany', 'ReadOnlyMany'], size=size, pvc_name='fixed',
                         storage_class_name='fast', volume_name='pv-1', annotations=labels,
                         data_source={'kind': 'VolumeSnapshot', 'name': 'snap', 'apiGroup': 'snapshot.storage.k8s.io'}
                         ).set_caching_options(False).set_display_name('Make it')
    kubernetes.DeletePVC(pvc_name='old')
    kubernetes.DeletePVC(pvc_name=size)
