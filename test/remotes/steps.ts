/** Sets requests of two clients beside each other, step by step. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { Recorded } from './servers/recorded.ts';
import type { Answer, Handler, TestServer } from './servers/test-server.ts';

const marker = '/__step/';

/** Answers the marks that begin a step. */
export function withSteps(handler: Handler): Handler {
  return (request): Answer | undefined =>
    request.path.startsWith(marker) ? { body: 'marked' } : handler(request);
}

/** Marks the beginning of a step of our own client. */
export function mark(server: TestServer, name: string): void {
  const nothing = { host: '', query: {}, headers: {}, body: { kind: 'none' } } as const;
  server.requests.push({ method: 'GET', path: `${marker}${name}`, ...nothing });
}

/** Runs a script of test/remotes/python to its end. */
export async function runPython(
  python: string,
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const folder = join(import.meta.dirname, 'python');
  const whole = {
    PATH: process.env['PATH'],
    PYTHONPATH: folder,
    PYTHONDONTWRITEBYTECODE: '1',
    HOME: '/nonexistent',
    ...env,
  };
  await promisify(execFile)(python, [join(folder, script), ...args], { env: whole, timeout: 120_000 });
}

export type Steps = ReadonlyMap<string, readonly unknown[]>;

/** Sorts what was asked by steps, each request as what two clients must agree on. */
export function stepsOf({ requests }: TestServer, comparable: (request: Recorded) => unknown): Steps {
  const steps = new Map<string, unknown[]>();
  let now: unknown[] = [];
  for (const request of requests)
    if (request.path.startsWith(marker)) steps.set(request.path.slice(marker.length), (now = []));
    else {
      const kept = comparable(request);
      if (kept !== undefined) now.push(kept);
    }
  return steps;
}

/** Whether two clients asked the same in each step. Ours may look more often; it may not change more. */
export function expectSameSteps(ours: Steps, theirs: Steps): void {
  expect([...ours.keys()]).toEqual([...theirs.keys()]);
  for (const [name, requests] of theirs) {
    const own = ours.get(name) ?? [];
    expect(requests.length, name).toBeGreaterThan(0);
    for (const request of requests) expect(own, name).toContainEqual(request);
    const changing = own.filter((request) => (request as Recorded).method !== 'GET');
    expect(changing, name).toEqual(requests.filter((request) => (request as Recorded).method !== 'GET'));
  }
}

/** Method, place, query without what is empty, credentials and body of a request. */
export function essence({ method, host, path, query, headers, body }: Recorded): Record<string, unknown> {
  return {
    method,
    host: host.replace(/^127\.0\.0\.1:\d+$/, 'here'),
    path,
    query: Object.fromEntries(
      Object.entries(query)
        .filter(([, value]) => value !== '')
        .map(([name, value]) => [name, value.startsWith('{') ? (JSON.parse(value) as unknown) : value]),
    ),
    authorization: headers['authorization'],
    body:
      body.kind === 'form'
        ? { ...body, files: body.files.map(({ field, text }) => ({ field, text })) }
        : body,
  };
}
