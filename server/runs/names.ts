import { createHash } from 'node:crypto';

/** Names a task of a run, by a UUID as KFP's are. */
export function taskIdOf(runId: string, task: string): string {
  return uuidOf('task', runId, task);
}

/** Names one artifact of a task's output. */
export function artifactIdOf(runId: string, task: string, output: string, position: number): string {
  return uuidOf('artifact', runId, task, output, `${position}`);
}

function uuidOf(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
