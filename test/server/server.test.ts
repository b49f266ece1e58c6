/** What KFP's client does not ask for: artifacts, logs, schedules over a restart, what the server tells of itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { extract } from 'tar-stream';
import { Readable } from 'node:stream';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../cli/project.ts';
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
let serving: Serving;
beforeAll(async () => {
  project = await makeServedProject();
  serving = await serve(project, ['--max-runs', '2']);
});
afterAll(async () => {
  await serving.stop();
  project.remove();
});

const specOf = (name: string): unknown => parse(readFileSync(join(project.folder, `${name}.yaml`), 'utf8'));

async function start(name: string, parameters: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await serving.call('POST', `${api}/runs`, {
    display_name: name,
    pipeline_spec: specOf(name),
    runtime_config: { parameters },
  });
  expect({ status, message: body.message }).toEqual({ status: 200 });
  return body.run_id;
}

describe('artifacts', () => {
  let runId: string;
  let artifacts: Answer['body'][];
  beforeAll(async () => {
    runId = await start('data', { text: 'five!' });
    await endOf(serving, runId);
    artifacts = (await serving.call('GET', `${api}/artifacts?run_id=${runId}`)).body.artifacts;
  });

  it('are listed with what they are', () => {
    expect(
      artifacts
        .map(({ task, output, type }) => `${task} ${output} ${type}`)
        .sort((a: string, b: string) => (a < b ? -1 : 1)),
    ).toEqual(['make pages system.Dataset', 'make words system.Dataset', 'measure metrics system.Metrics']);
    expect(artifacts.find(({ output }) => output === 'metrics').metadata).toEqual({ size: 5 });
  });

  it('are downloaded: a file as it is, a folder as a tar archive', async () => {
    const download = (output: string) =>
      fetch(
        `${serving.url}${api}/artifacts/${artifacts.find((one) => one.output === output).artifact_id}:download`,
      );
    expect(await (await download('words')).text()).toBe('five!');
    const archive = await download('pages');
    const names: string[] = [];
    const entries = extract();
    Readable.from([Buffer.from(await archive.arrayBuffer())]).pipe(entries);
    for await (const entry of entries) {
      names.push(entry.header.name);
      entry.resume();
    }
    expect(names).toEqual(['one.txt']);
    expect((await download('metrics')).status).toBe(400);
  });

  it('know what they were made from, and what used them, also where the cache gave them', async () => {
    const again = await start('data', { text: 'five!' });
    const ended = await endOf(serving, again);
    expect(ended.run_details.task_details.map(({ state }: { state: string }) => state)).toEqual([
      'SKIPPED',
      'SKIPPED',
    ]);
    const { body } = await serving.call('GET', `${api}/artifacts?run_id=${again}`);
    const idOf = (output: string): string =>
      body.artifacts.find((one: { output: string }) => one.output === output).artifact_id;
    const words = await serving.call('GET', `${api}/artifacts/${idOf('words')}:lineage`);
    expect(words.body.used_by).toMatchObject([{ task: 'measure', input: 'words', run_id: again }]);
    expect(words.body.made_by).toMatchObject({ run_id: runId, task: 'make' });
    const metrics = await serving.call('GET', `${api}/artifacts/${idOf('metrics')}:lineage`);
    expect(metrics.body.made_from.map(({ artifact_id }: { artifact_id: string }) => artifact_id)).toEqual([
      idOf('words'),
    ]);
  });

  it('that were changed since are refused, not handed out', async () => {
    const words = artifacts.find(({ output }) => output === 'words');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(words.uri, 'something else');
    const { status, body } = await serving.call('GET', `${api}/artifacts/${words.artifact_id}:download`);
    expect(status).toBe(400);
    expect(body.message).toContain('no more what it was');
  });
});

describe('logs', () => {
  it('are read by the id or the path of a task, and followed while it runs', async () => {
    project.write('wait', '');
    const runId = await start('three', { folder: project.folder });
    const run = await untilRun(serving, runId, ({ run_details: { task_details: tasks } }) =>
      tasks.some((task: Answer['body']) => task.display_name === 'second' && task.state === 'RUNNING'),
    );
    const id = run.run_details.task_details.find(
      (task: Answer['body']) => task.display_name === 'first',
    ).task_id;
    for (const node of [id, 'first'])
      expect((await serving.call('GET', `${api}/runs/${runId}/nodes/${node}/log`)).body).toBe(
        'hello from the first\n',
      );
    expect((await serving.call('GET', `/apis/v1alpha1/runs/${runId}/nodes/first/log`)).status).toBe(200);
    expect((await serving.call('GET', `${api}/runs/${runId}/nodes/none/log`)).status).toBe(404);
    const followed = serving.call('GET', `${api}/runs/${runId}/nodes/second/log?follow=true`);
    expect(await Promise.race([followed, wait(700, 'goes on')])).toBe('goes on');
    removeFile(project.folder, 'wait');
    expect((await followed).status).toBe(200);
    await endOf(serving, runId);
  });
});

describe('runs', () => {
  it('go on no more at a time than was said, the oldest first, and one that waits is ended at once', async () => {
    project.write('wait', '');
    const ids: string[] = [];
    for (let index = 0; index < 4; index++)
      ids.push(await start('three', { folder: project.folder, salt: `${index}` }));
    const states = async (): Promise<string[]> =>
      Promise.all(ids.map(async (id) => (await serving.call('GET', `${api}/runs/${id}`)).body.state));
    await expect.poll(states, { timeout: 20_000 }).toEqual(['RUNNING', 'RUNNING', 'PENDING', 'PENDING']);
    expect((await serving.call('POST', `${api}/runs/${ids[3]}:terminate`)).status).toBe(200);
    expect((await states())[3]).toBe('CANCELED');
    // One that runs is ended before it is deleted.
    expect((await serving.call('DELETE', `${api}/runs/${ids[1]}`)).status).toBe(200);
    expect((await serving.call('GET', `${api}/runs/${ids[1]}`)).status).toBe(404);
    removeFile(project.folder, 'wait');
    for (const id of [ids[0], ids[2]]) expect((await endOf(serving, id ?? '')).state).toBe('SUCCEEDED');
  });

  it('are told by the command line too: it is one run store', async () => {
    const runs = await project.ferrule('runs', '--json');
    expect(runs.status).toBe(0);
    expect(runs.stdout).toContain('three');
  });
});

describe('schedules', () => {
  it('catch up after a restart with what was due, or only with the last', async () => {
    const folder = await makeServedProject();
    const first = await serve(folder, ['--max-runs', '1']);
    const begin = new Date(Date.now() - 10_500).toISOString();
    const make = async (name: string, more: Record<string, unknown>): Promise<string> => {
      const { body } = await first.call('POST', `${api}/recurringruns`, {
        display_name: name,
        pipeline_spec: specOf('three'),
        runtime_config: { parameters: { salt: '[[Index]] [[ScheduledTime.2006-01-02T15:04:05]]' } },
        trigger: {
          periodic_schedule: {
            start_time: begin,
            end_time: new Date(Date.now() - 500).toISOString(),
            interval_second: '2',
          },
        },
        max_concurrency: '10',
        mode: 'DISABLE',
        ...more,
      });
      return body.recurring_run_id;
    };
    const all = await make('all', {});
    const last = await make('last', { no_catchup: true });
    for (const id of [all, last]) await first.call('POST', `${api}/recurringruns/${id}:enable`);
    await first.kill();
    const second = await serve(folder, ['--max-runs', '1']);
    const filter = (id: string): string =>
      encodeURIComponent(
        JSON.stringify({ predicates: [{ operation: 'EQUALS', key: 'recurring_run_id', string_value: id }] }),
      );
    const runsOf = async (id: string): Promise<Answer['body'][]> =>
      (await second.call('GET', `${api}/runs?sort_by=scheduled_at&filter=${filter(id)}`)).body.runs;
    await expect.poll(async () => (await runsOf(all)).length, { timeout: 20_000 }).toBe(5);
    const due = (await runsOf(all)).map(({ scheduled_at: at }) => Date.parse(at) - Date.parse(begin));
    expect(due).toEqual([2000, 4000, 6000, 8000, 10_000]);
    // Counted on over the restart, each once.
    expect((await runsOf(all)).map((run) => run.runtime_config.parameters.salt)).toEqual(
      due.map(
        (after, index) => `${index + 1} ${new Date(Date.parse(begin) + after).toISOString().slice(0, 19)}`,
      ),
    );
    expect((await runsOf(last)).map(({ scheduled_at: at }) => Date.parse(at) - Date.parse(begin))).toEqual([
      10_000,
    ]);
    await second.stop();
    folder.remove();
  });
});

describe('the server', () => {
  it('describes itself by OpenAPI, all operations that answer', async () => {
    const { body } = await serving.call('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toContain('/apis/v2beta1/runs/{run_id}:terminate');
    const ids = Object.values(body.paths).flatMap((path) =>
      Object.values(path as object).map(({ operationId }) => operationId),
    );
    expect(ids.length).toBe(new Set(ids).size);
    expect(ids.length).toBeGreaterThan(40);
  });

  it('gives figures for Prometheus, and a line of JSON a request', async () => {
    const text = (await serving.call('GET', '/metrics')).body;
    expect(text).toMatch(/ferrule_requests_total\{operation="run_service_create_run",status="200"\} \d+/);
    expect(text).toMatch(/ferrule_runs_total\{outcome="succeeded"\} \d+/);
    expect(text).toContain('le="+Inf"');
  });

  it('refuses what it does not know in the words of KFP', async () => {
    expect(await serving.call('GET', `${api}/nonsense`)).toMatchObject({ status: 404, body: { code: 5 } });
    expect((await serving.call('GET', `${api}/runs?page_token=nonsense`)).status).toBe(400);
    expect((await serving.call('GET', `${api}/runs?page_size=-1`)).status).toBe(400);
    expect((await serving.call('GET', `${api}/runs?sort_by=created_at%20sideways`)).status).toBe(400);
    expect((await serving.call('POST', `${api}/runs`, { display_name: 'x' })).body.message).toContain(
      'pipeline_spec',
    );
  });
});
