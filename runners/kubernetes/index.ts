export { kubernetesRunner, type KubernetesRunner } from './kubernetes-runner.ts';
export { manifests } from './manifests.ts';
