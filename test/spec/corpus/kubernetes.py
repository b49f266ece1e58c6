from kfp import dsl, kubernetes


@dsl.component
def work() -> str:
    return ''


@dsl.component(task_config_passthroughs=[
    dsl.TaskConfigField.RESOURCES,
    dsl.TaskConfigPassthrough(field=dsl.TaskConfigField.KUBERNETES_TOLERATIONS, apply_to_task=True),
])
def launcher(config: dsl.TaskConfig, workspace: str):
    pass


@dsl.pipeline(
    name='kubernetes',
    pipeline_config=dsl.PipelineConfig(
        workspace=dsl.WorkspaceConfig(
            size='1Gi', kubernetes=dsl.KubernetesWorkspaceConfig(pvcSpecPatch={'storageClassName': 'std', 'accessModes': []}))))
def twin(secret: str = 's', config: str = 'c', claim: str = 'p', selector: dict = {'disk': 'ssd'}, toleration: dict = {'key': 'k'},
         affinity: dict = {}):
    made = kubernetes.CreatePVC(pvc_name_suffix='-x', access_modes=['ReadWriteOnce'], size='1Gi', annotations={'a': 'b'})
    task = work()
    kubernetes.use_secret_as_env(task, secret_name=secret, secret_key_to_env={'k': 'K'})
    kubernetes.use_secret_as_env(task, secret_name='const', secret_key_to_env={'k': 'K'}, optional=True)
    kubernetes.use_secret_as_volume(task, secret_name='sv', mount_path='/sv', optional=False)
    kubernetes.use_config_map_as_env(task, config_map_name=config, config_map_key_to_env={'k': 'K2'})
    kubernetes.use_config_map_as_volume(task, config_map_name='cm', mount_path='/cm')
    kubernetes.mount_pvc(task, pvc_name=claim, mount_path='/p', sub_path='sub')
    kubernetes.mount_pvc(task, pvc_name=made.outputs['name'], mount_path='/made')
    kubernetes.add_node_selector(task, 'disk', 'ssd')
    kubernetes.add_toleration(task, key='k', operator='Equal', value='v', effect='NoSchedule', toleration_seconds=10)
    kubernetes.add_pod_label(task, 'l', '1')
    kubernetes.add_pod_annotation(task, 'an', '2')
    kubernetes.set_image_pull_policy(task, 'Always')
    kubernetes.set_image_pull_secrets(task, ['one', secret])
    kubernetes.set_timeout(task, 20)
    kubernetes.use_field_path_as_env(task, env_name='NAME', field_path='metadata.name')
    kubernetes.add_ephemeral_volume(task, volume_name='v', mount_path='/v', access_modes=['ReadWriteOnce'], size='5Gi', labels={'a': 'b'})
    kubernetes.empty_dir_mount(task, volume_name='e', mount_path='/e', medium='Memory', size_limit='1Gi')
    kubernetes.set_security_context(task, run_as_user=0, run_as_group=0, run_as_non_root=False)
    kubernetes.add_node_affinity(task, match_expressions=[{'key': 'a', 'operator': 'In', 'values': ['b']}], weight=5)
    other = work().after(task)
    kubernetes.add_node_selector_json(other, selector)
    kubernetes.add_toleration_json(other, toleration)
    kubernetes.add_node_affinity_json(other, affinity)
    launcher(workspace=dsl.WORKSPACE_PATH_PLACEHOLDER)
    kubernetes.DeletePVC(pvc_name=made.outputs['name']).after(other)
