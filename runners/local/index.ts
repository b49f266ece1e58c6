export { passedOn, type Environment } from './environment.ts';
export { localRunner } from './local-runner.ts';
export type { LocalRunnerOptions } from './options.ts';
