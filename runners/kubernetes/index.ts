export { kubernetesRunner, type KubernetesRunner } from './kubernetes-runner.ts';
export { manifests } from './manifests.ts';
export { clusterConfigSchema, readClusterConfig, type ClusterConfig } from './options.ts';
