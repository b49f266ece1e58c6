/** KFP's own client and command line in Python, unchanged and whole, with every answer held against the server's document. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../cli/project.ts';
import { kfpPython, postgresFolder } from '../counterparts.ts';
import { holdToDocument, type Held } from './document.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import { makeServedProject, serve, type Serving } from './serving.ts';

interface Tried {
  /** What became of each: `ok`, or a traceback. */
  readonly tried: Readonly<Record<string, string>>;
  readonly methods?: readonly string[];
  readonly generated?: readonly string[];
  readonly absent?: readonly string[];
  readonly commands?: readonly string[];
}

/** Has a script of test/server/python try all that it knows. */
async function tryAll(script: string, url: string, folder: string): Promise<Tried> {
  const scripts = join(import.meta.dirname, 'python');
  const { stdout } = await promisify(execFile)(kfpPython ?? '', [join(scripts, script), url, folder], {
    env: { PATH: process.env['PATH'], PYTHONPATH: scripts, PYTHONDONTWRITEBYTECODE: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Tried;
}

function faultsOf({ tried }: Tried): Record<string, string> {
  return Object.fromEntries(Object.entries(tried).filter(([, became]) => became !== 'ok'));
}

describe.each(['SQLite', 'PostgreSQL'] as const)("KFP's client in Python, over %s", (name) => {
  const absent = kfpPython === undefined || (name === 'PostgreSQL' && postgresFolder === undefined);
  let postgres: Postgres | undefined;
  let project: Project;
  let serving: Serving;
  let held: Held;
  beforeAll(async () => {
    if (absent) return;
    if (name === 'PostgreSQL') postgres = await startPostgres();
    project = await makeServedProject();
    serving = await serve(
      project,
      postgres === undefined ? [] : ['--database', postgres.database('ferrule')],
    );
    held = await holdToDocument(serving.url);
  });
  afterAll(async () => {
    if (absent) return;
    await held.close();
    await serving.stop();
    await postgres?.stop();
    project.remove();
  });

  it.skipIf(absent)(
    'gets what it asks for from each of its methods, and is refused in its own errors',
    async () => {
      const result = await tryAll('client.py', held.url, project.folder);
      expect(faultsOf(result)).toEqual({});
      expect(result.methods?.filter((name) => !(name in result.tried))).toEqual([]);
      // Those of the generated client that no method of its own calls are tried, or known to be absent.
      const untried = result.generated?.filter(
        (name) =>
          !(name in result.tried) &&
          result.absent?.includes(name) !== true &&
          ![...held.answered].some((id) => name.endsWith(`_${id}`)),
      );
      expect(untried).toEqual([]);
      expect(held.problems).toEqual([]);
    },
    300_000,
  );

  it.skipIf(absent)(
    'works by each command of its command line',
    async () => {
      const result = await tryAll('cli.py', held.url, project.folder);
      expect(faultsOf(result)).toEqual({});
      expect(result.commands?.filter((name) => !(name in result.tried))).toEqual([]);
      const program = join(dirname(kfpPython ?? ''), 'kfp');
      const listed = await promisify(execFile)(program, [
        '--endpoint',
        held.url,
        '--output',
        'json',
        'run',
        'list',
      ]);
      expect(JSON.parse(listed.stdout)).toContainEqual(expect.objectContaining({ display_name: 'watched' }));
      expect(held.problems).toEqual([]);
    },
    300_000,
  );
});
