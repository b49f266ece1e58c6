/** What Docker's engine, or the way to it, says when something fails. */
import { InfrastructureError, messageOf } from '../../errors/index.ts';

/** Gives the HTTP status that the engine answered with; undefined where it did not answer. */
export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number'
    ? thrown.statusCode
    : undefined;
}

/** Gives the engine's own words. */
export function wordsOf(thrown: unknown): string {
  const json = thrown instanceof Error && 'json' in thrown ? thrown.json : undefined;
  const said =
    typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string'
      ? json.message
      : messageOf(thrown);
  return said.trim().replaceAll(/\s+/g, ' ');
}

const goneCodes: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
]);

/** Whether the engine did not answer, or broke off. */
export function isGone(thrown: unknown): boolean {
  return (
    statusOf(thrown) === undefined &&
    thrown instanceof Error &&
    (('code' in thrown && goneCodes.has(thrown.code)) || thrown.message === 'aborted')
  );
}

/** Tells that no engine answers, and how to get one to. */
export function noEngine(address: string, thrown: unknown): InfrastructureError {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  const fix =
    code === 'EACCES'
      ? 'let your user use it: sudo usermod -aG docker $USER, then log in again'
      : 'start it (Docker Desktop, or sudo systemctl start docker), or name another with DOCKER_HOST';
  return new InfrastructureError('FER6100', {
    problem: `no Docker engine answers at ${address}: ${messageOf(thrown)}`,
    fix,
    retryable: code !== 'EACCES',
    cause: thrown,
  });
}
