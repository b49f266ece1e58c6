export { dockerRunner } from './docker-runner.ts';
export type { DockerRunnerOptions, RegistryCredentials } from './options.ts';
