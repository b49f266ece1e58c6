/** A server that is killed again and again: what it accepted ends all the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'yaml';
import { afterEach, describe, expect, it } from 'vitest';
import type { Project } from '../cli/project.ts';
import { endOf, makeServedProject, removeFile, serve, untilRun, type Serving } from './serving.ts';

const projects: Project[] = [];
const servers: Serving[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
  for (const project of projects.splice(0)) project.remove();
});

async function started(project: Project): Promise<Serving> {
  const serving = await serve(project);
  servers.push(serving);
  return serving;
}

async function servedProject(): Promise<{ project: Project; spec: unknown }> {
  const project = await makeServedProject();
  projects.push(project);
  return { project, spec: parse(readFileSync(join(project.folder, 'three.yaml'), 'utf8')) };
}

describe('a server that is killed', () => {
  it('at random moments loses no run that it accepted', { timeout: 240_000 }, async () => {
    const { project, spec } = await servedProject();
    const accepted: string[] = [];
    for (let round = 0; round < 5; round++) {
      const serving = await started(project);
      const killed = new AbortController();
      const client = async (name: number): Promise<void> => {
        while (!killed.signal.aborted)
          try {
            const { status, body } = await serving.call('POST', '/apis/v2beta1/runs', {
              display_name: `run ${name}`,
              pipeline_spec: spec,
              // No run finds what another left in the cache.
              runtime_config: { parameters: { salt: `${name} ${accepted.length} ${Math.random()}` } },
            });
            if (status === 200) accepted.push(body.run_id);
            await wait(100 * Math.random());
          } catch {
            return;
          }
      };
      const clients = [1, 2, 3].map(client);
      await wait(300 + 1500 * Math.random());
      killed.abort();
      await serving.kill();
      await Promise.all(clients);
    }
    expect(accepted.length).toBeGreaterThan(10);
    const serving = await started(project);
    for (const runId of accepted)
      expect(await endOf(serving, runId, 150)).toMatchObject({ state: 'SUCCEEDED' });
    const { body } = await serving.call('GET', '/apis/v2beta1/runs?page_size=200');
    // A request that was cut off may have been accepted as well.
    expect(body.total_size).toBeGreaterThanOrEqual(accepted.length);
    await serving.stop();
  });

  it('goes on with a run where it was, and forgets no wish to end one', async () => {
    const { project, spec } = await servedProject();
    project.write('wait', '');
    const before = await started(project);
    // The second would wait for what the first computes, if it were the same.
    const make = async (salt: string): Promise<string> => {
      const { body } = await before.call('POST', '/apis/v2beta1/runs', {
        display_name: 'x',
        pipeline_spec: spec,
        runtime_config: { parameters: { folder: project.folder, salt } },
      });
      return body.run_id;
    };
    const second = (body: { run_details: { task_details: { display_name: string; state: string }[] } }) =>
      body.run_details.task_details.some(
        (task) => task.display_name === 'second' && task.state === 'RUNNING',
      );
    const first = await make('one');
    await untilRun(before, first, second);
    const toEnd = await make('two');
    await untilRun(before, toEnd, second);
    await before.call('POST', `/apis/v2beta1/runs/${toEnd}:terminate`);
    await before.kill();
    const after = await started(project);
    expect((await endOf(after, toEnd)).state).toBe('CANCELED');
    await untilRun(after, first, second);
    removeFile(project.folder, 'wait');
    expect((await endOf(after, first)).state).toBe('SUCCEEDED');
    const ran = readFileSync(join(project.folder, 'ran'), 'utf8').split('\n');
    // The second run found the first task in the cache; of the first run none but what was cut off ran twice.
    expect(ran.filter((line) => line === 'first')).toHaveLength(1);
    expect(ran.filter((line) => line === 'third')).toHaveLength(1);
    await after.stop();
  });

  it('asked to end, leaves at once, and the next one finishes its runs', async () => {
    const { project, spec } = await servedProject();
    project.write('wait', '');
    const before = await started(project);
    const { body } = await before.call('POST', '/apis/v2beta1/runs', {
      display_name: 'x',
      pipeline_spec: spec,
      runtime_config: { parameters: { folder: project.folder } },
    });
    await untilRun(before, body.run_id, ({ state }) => state === 'RUNNING');
    const asked = Date.now();
    const log = await before.stop();
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(log).toContain('"kind":"closed"');
    removeFile(project.folder, 'wait');
    const after = await started(project);
    expect((await endOf(after, body.run_id)).state).toBe('SUCCEEDED');
    await after.stop();
  });

  it('asked to end while clients make runs, answers those it took in, and loses none', async () => {
    const { project, spec } = await servedProject();
    const before = await started(project);
    const accepted: string[] = [];
    const client = async (name: number): Promise<void> => {
      for (;;) {
        const made = await before
          .call('POST', '/apis/v2beta1/runs', {
            display_name: `run ${name}`,
            pipeline_spec: spec,
            runtime_config: { parameters: { salt: `${name} ${accepted.length}` } },
          })
          .catch(() => undefined);
        // Cut off, or no longer listened to.
        if (made === undefined) return;
        if (made.status !== 200) throw new Error(JSON.stringify(made));
        accepted.push(made.body.run_id);
      }
    };
    const clients = Array.from({ length: 20 }, (_, name) => client(name));
    await wait(700);
    const asked = Date.now();
    expect(await before.stop()).toContain('"kind":"closed"');
    expect(Date.now() - asked).toBeLessThan(10_000);
    await Promise.all(clients);
    expect(accepted.length).toBeGreaterThan(20);
    const after = await started(project);
    for (const run of accepted) expect((await endOf(after, run, 150)).state).toBe('SUCCEEDED');
    await after.stop();
  }, 180_000);

  it('leaves its runs to a second server over the same database, which leaves them alone before', async () => {
    const { project, spec } = await servedProject();
    project.write('wait', '');
    const first = await started(project);
    const { body } = await first.call('POST', '/apis/v2beta1/runs', {
      display_name: 'x',
      pipeline_spec: spec,
      runtime_config: { parameters: { folder: project.folder } },
    });
    const running = ({ state }: { state: string }): boolean => state === 'RUNNING';
    await untilRun(first, body.run_id, running);
    const second = await started(project);
    await wait(1500);
    expect((await second.call('GET', `/apis/v2beta1/runs/${body.run_id}`)).body.state).toBe('RUNNING');
    await first.kill();
    removeFile(project.folder, 'wait');
    expect((await endOf(second, body.run_id)).state).toBe('SUCCEEDED');
    const ran = readFileSync(join(project.folder, 'ran'), 'utf8').split('\n');
    expect(ran.filter((line) => line === 'first')).toHaveLength(1);
    await second.stop();
  });
});
