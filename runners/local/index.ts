export { localRunner } from './local-runner.ts';
