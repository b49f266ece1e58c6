/** KFP's own client in Python, unchanged, against the server. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kfpPython, postgresFolder } from '../counterparts.ts';
import type { Project } from '../cli/project.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import { makeServedProject, serve, type Serving } from './serving.ts';

const scenarios = {
  upload_version_and_run: 'uploads a pipeline and a version, runs it, and waits for its end',
  create_run_from_package: 'runs a package that was never uploaded, in the default experiment',
  python_component: 'runs a function of Python',
  lists: 'lists by pages, in order, with filters',
  terminate_and_retry: 'terminates a run, retries it, and repeats nothing that is done',
  archive_and_delete: 'archives, brings back, deletes',
  recurring: 'has pipelines run again and again',
  wrong_requests: 'is told what is wrong',
  packages: 'uploads .tar.gz and .zip',
} as const;

const databases = ['SQLite', 'PostgreSQL'] as const;

describe.each(databases)("KFP's client, over %s", (name) => {
  const absent = kfpPython === undefined || (name === 'PostgreSQL' && postgresFolder === undefined);
  let postgres: Postgres | undefined;
  let project: Project;
  let serving: Serving;
  let tried: Record<string, string>;
  beforeAll(async () => {
    if (absent) return;
    if (name === 'PostgreSQL') postgres = await startPostgres();
    project = await makeServedProject();
    serving = await serve(
      project,
      postgres === undefined ? [] : ['--database', postgres.database('ferrule')],
    );
    tried = await ask(serving.url, project.folder, Object.keys(scenarios));
  }, 400_000);
  afterAll(async () => {
    if (absent) return;
    await serving.stop();
    await postgres?.stop();
    project.remove();
  });

  for (const [scenario, sentence] of Object.entries(scenarios))
    // oxlint-disable-next-line vitest/valid-title -- it is one of the sentences above
    it.skipIf(absent)(sentence, () => {
      expect(tried[scenario]).toBe('ok');
    });
});

/** Has Python try all scenarios, one after the other. */
async function ask(url: string, folder: string, names: readonly string[]): Promise<Record<string, string>> {
  const script = join(import.meta.dirname, 'contract.py');
  const child = spawn(kfpPython ?? '', [script, url, folder, ...names], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await new Promise((done) => child.on('close', done));
  try {
    return JSON.parse(stdout) as Record<string, string>;
  } catch {
    throw new Error(stderr);
  }
}
