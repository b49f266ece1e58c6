export { dockerRunner } from './docker-runner.ts';
