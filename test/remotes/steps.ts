/** Sets requests of two clients beside each other, step by step. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import type { Recorded } from './servers/recorded.ts';
import type { Handler, TestServer } from './servers/test-server.ts';

const marker = '/__step/';

/** Answers the marks that begin a step. */
export function withSteps(handler: Handler): Handler {
  return (request) => (request.path.startsWith(marker) ? { body: 'marked' } : handler(request));
}

/** Marks the beginning of a step of our own client. */
export function mark(server: TestServer, name: string): void {
  const nothing = { host: '', query: {}, headers: {}, body: { kind: 'none' } } as const;
  server.requests.push({ method: 'GET', path: `${marker}${name}`, ...nothing });
}

/** Runs a script of test/remotes/python to its end. @returns what it printed */
export async function runPython(
  python: string,
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const folder = join(import.meta.dirname, 'python');
  const whole = {
    PATH: process.env['PATH'],
    PYTHONPATH: folder,
    PYTHONDONTWRITEBYTECODE: '1',
    HOME: '/nonexistent',
    ...env,
  };
  const { stdout } = await promisify(execFile)(python, [join(folder, script), ...args], {
    env: whole,
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
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

/** One request that only one of two clients made. */
export interface Difference {
  readonly step: string;
  readonly who: 'ours' | 'theirs';
  readonly request: unknown;
  /** What the other client asked in this step. */
  readonly other: readonly unknown[];
}

/** Lists what two clients did not ask alike. Ours may look more often than theirs; it may not change more. */
export function differences(ours: Steps, theirs: Steps): Difference[] {
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].flatMap((step): Difference[] => {
    const [own = [], other = []] = [ours.get(step), theirs.get(step)];
    if (other.length === 0) return [{ step, who: 'ours', request: 'the whole step', other }];
    return [
      ...other
        .filter((one) => !isIn(one, own))
        .map((request) => ({ step, who: 'theirs' as const, request, other: own })),
      ...own
        .filter((one) => (one as Recorded).method !== 'GET' && !isIn(one, other))
        .map((request) => ({ step, who: 'ours' as const, request, other })),
    ];
  });
}

function isIn(one: unknown, all: readonly unknown[]): boolean {
  return all.some((other) => isDeepStrictEqual(one, other));
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
