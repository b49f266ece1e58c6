/** A server whose database fails, is shared, or is of another version. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'yaml';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openLibsql } from '../../stores/runs/libsql-database.ts';
import type { Project } from '../cli/project.ts';
import { postgresFolder } from '../counterparts.ts';
import { noSmallDisk, smallDisk } from '../stores/small-disk.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import {
  endOf,
  makeServedProject,
  removeFile,
  serve,
  untilRun,
  type Answer,
  type Serving,
} from './serving.ts';

const api = '/apis/v2beta1';
let project: Project;
const servers: Serving[] = [];
beforeEach(async () => {
  project = await makeServedProject();
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
  project.remove();
});

async function started(...args: readonly string[]): Promise<Serving> {
  const serving = await serve(project, args);
  servers.push(serving);
  return serving;
}

function create(serving: Serving, parameters: Readonly<Record<string, string>>): Promise<Answer> {
  return serving.call('POST', `${api}/runs`, {
    display_name: 'a run',
    pipeline_spec: parse(readFileSync(join(project.folder, 'three.yaml'), 'utf8')) as unknown,
    runtime_config: { parameters },
  });
}

/** Waits until a second task runs: the first has succeeded. */
async function untilSecond(serving: Serving, run: string): Promise<void> {
  await untilRun(serving, run, ({ run_details: { task_details: tasks } }) =>
    tasks.some((task: Answer['body']) => task.display_name === 'second' && task.state === 'RUNNING'),
  );
}

function ran(task: string): number {
  const lines = readFileSync(join(project.folder, 'ran'), 'utf8').split('\n');
  return lines.filter((line) => line === task).length;
}

describe.skipIf(postgresFolder === undefined)('a server over PostgreSQL', () => {
  let postgres: Postgres;
  let count = 0;
  const database = (): readonly string[] => ['--database', postgres.database(`faults${(count += 1)}`)];
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  it('that crashes answers 503 meanwhile, and loses neither runs nor what they made', async () => {
    const serving = await started(...database());
    project.write('wait', '');
    const { body } = await create(serving, { folder: project.folder });
    await untilSecond(serving, body.run_id);
    const waiting = await create(serving, { salt: 'later' });
    await postgres.crash();
    const refused = await create(serving, { salt: 'refused' });
    expect(refused).toMatchObject({ status: 503, body: { code: 14 } });
    expect(refused.body.error).toMatch(/^FER9006 the database of the server fails/);
    expect(await serving.call('GET', `${api}/healthz`)).toMatchObject({ status: 503 });
    expect(await serving.call('GET', `${api}/runs`)).toMatchObject({ status: 503 });
    // The run goes on, and ends, while nobody can be told.
    removeFile(project.folder, 'wait');
    for (let tries = 0; ran('third') === 0 && tries < 100; tries++) await wait(100);
    await wait(1000);
    await postgres.restart();
    expect((await endOf(serving, body.run_id, 20)).state).toBe('SUCCEEDED');
    expect((await endOf(serving, waiting.body.run_id, 20)).state).toBe('SUCCEEDED');
    expect((await serving.call('GET', `${api}/runs`)).body.total_size).toBe(2);
    for (const task of ['first', 'second', 'third']) expect(ran(task)).toBe(1);
    await serving.stop();
  });

  it('that answers nothing any more is not waited for without an end, and is used again afterwards', async () => {
    const serving = await started(...database());
    const thaw = postgres.freeze();
    const from = Date.now();
    try {
      expect(await serving.call('GET', `${api}/runs`)).toMatchObject({ status: 503, body: { code: 14 } });
      expect(Date.now() - from).toBeLessThan(35_000);
    } finally {
      thaw();
    }
    const { body } = await create(serving, { salt: 'frozen' });
    expect((await endOf(serving, body.run_id)).state).toBe('SUCCEEDED');
    await serving.stop();
  });

  it('is killed at random moments, with its database or alone, and loses no run that it accepted', async () => {
    const where = database();
    const accepted: string[] = [];
    for (let round = 0; round < 4; round++) {
      const serving = await started(...where);
      const over = new AbortController();
      const client = async (name: number): Promise<void> => {
        while (!over.signal.aborted) {
          const salt = `${name} ${accepted.length} ${Math.random()}`;
          const answer = await create(serving, { salt }).catch(() => undefined);
          if (answer?.status === 200) accepted.push(answer.body.run_id);
          await wait(100 * Math.random());
        }
      };
      const clients = [1, 2, 3].map(client);
      await wait(400 + 1200 * Math.random());
      if (round % 2 === 0) {
        await postgres.crash();
        await wait(500 * Math.random());
        await postgres.restart();
        await wait(500);
      }
      over.abort();
      await serving.kill();
      await Promise.all(clients);
    }
    expect(accepted.length).toBeGreaterThan(10);
    const serving = await started(...where);
    for (const run of accepted) expect((await endOf(serving, run, 150)).state).toBe('SUCCEEDED');
    await serving.stop();
  }, 240_000);
});

describe('two servers', () => {
  let postgres: Postgres | undefined;
  beforeAll(async () => {
    if (postgresFolder !== undefined) postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());

  const kinds = ['SQLite', 'PostgreSQL'] as const;
  describe.each(kinds)('over one database, %s', (kind) => {
    const absent = kind === 'PostgreSQL' && postgresFolder === undefined;
    let count = 0;
    const both = async (): Promise<readonly [Serving, Serving]> => {
      const url = kind === 'SQLite' ? undefined : postgres?.database(`two${(count += 1)}`);
      const where = url === undefined ? [] : ['--database', url];
      // At once, so that both make the tables.
      const [first, second] = await Promise.all([
        started(...where, '--max-runs', '1'),
        started(...where, '--max-runs', '1'),
      ]);
      return [first, second];
    };

    it.skipIf(absent)('share the runs, and each ends or deletes what the other drives', async () => {
      const [first, second] = await both();
      project.write('wait', '');
      const { run_id: one } = (await create(first, { folder: project.folder, salt: 'one' })).body;
      await untilSecond(first, one);
      const { run_id: two } = (await create(first, { folder: project.folder, salt: 'two' })).body;
      // The first has no room for it.
      await untilSecond(second, two);
      expect((await second.call('POST', `${api}/runs/${one}:terminate`)).status).toBe(200);
      expect((await endOf(first, one)).state).toBe('CANCELED');
      expect((await first.call('DELETE', `${api}/runs/${two}`)).status).toBe(200);
      expect((await second.call('GET', `${api}/runs/${two}`)).status).toBe(404);
      expect((await second.call('GET', `${api}/runs`)).body.total_size).toBe(1);
      await first.stop();
      await second.stop();
    });

    it.skipIf(absent)('start each run once, and each time that is due once', async () => {
      const [first, second] = await both();
      const made: string[] = [];
      for (let index = 0; index < 12; index++) {
        const serving = index % 2 === 0 ? first : second;
        made.push((await create(serving, { folder: project.folder, salt: `${index}` })).body.run_id);
      }
      const recurring = await first.call('POST', `${api}/recurringruns`, {
        display_name: 'every second',
        pipeline_spec: parse(readFileSync(join(project.folder, 'data.yaml'), 'utf8')) as unknown,
        max_concurrency: '10',
        mode: 'ENABLE',
        trigger: { periodic_schedule: { interval_second: '1' } },
      });
      expect(recurring.status).toBe(200);
      for (const run of made) expect((await endOf(second, run)).state).toBe('SUCCEEDED');
      expect(ran('second')).toBe(12);
      await wait(2000);
      const { body } = await second.call('GET', `${api}/runs?page_size=200`);
      const times = body.runs
        .filter((run: Answer['body']) => run.recurring_run_id !== undefined)
        .map((run: Answer['body']) => run.scheduled_at);
      expect(times.length).toBeGreaterThan(1);
      expect(new Set(times).size).toBe(times.length);
      await first.stop();
      await second.stop();
    });
  });
});

describe("the tables' version", () => {
  it('is written down, and what a newer Ferrule has changed is refused', async () => {
    await (await started()).stop();
    const file = join(project.folder, '.ferrule', 'root', 'server.sqlite');
    const database = openLibsql(file);
    const names = database.prepare('SELECT name FROM schema_versions').all([]);
    expect(names).toEqual([{ name: '0001-tables' }]);
    await (await started()).stop();
    database.prepare("INSERT INTO schema_versions VALUES ('9999-of-tomorrow', 'now')").run([]);
    const refused = await project.ferrule('server', '--port', '0');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('FER9005');
    expect(refused.stderr).toContain('9999-of-tomorrow');
    database.close();
  });
});

describe.skipIf(noSmallDisk)('a server whose disk is full', () => {
  it('answers 503, goes on once there is room, and has all that it accepted', async () => {
    const disk = smallDisk(join(project.folder, '.ferrule'), 24);
    try {
      const serving = await started();
      const accepted = [(await create(serving, { salt: 'before' })).body.run_id];
      await endOf(serving, accepted[0]);
      disk.fill();
      let refused: Answer | undefined;
      for (let index = 0; refused === undefined && index < 200; index++) {
        const answer = await create(serving, { salt: `${index} ${'x'.repeat(2000)}` });
        if (answer.status === 200) accepted.push(answer.body.run_id);
        else refused = answer;
      }
      expect(refused).toMatchObject({ status: 503, body: { code: 14 } });
      disk.free();
      const after = await create(serving, { salt: 'after' });
      expect(after.status).toBe(200);
      accepted.push(after.body.run_id);
      for (const run of accepted) {
        const { state, error } = await endOf(serving, run);
        expect({ state, error }).toEqual({ state: 'SUCCEEDED', error: undefined });
      }
      await serving.stop();
    } finally {
      disk.remove();
    }
  });
});
