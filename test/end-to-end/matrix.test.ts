/** Everything that the language has, on every runner: the same documents, the same outputs, no more Jobs than tasks that run. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockerEngine, gcsServer, kfpPython, kubeconfig, registry, s3Server } from '../counterparts.ts';
import { matrixCases, runners, type MatrixCase, type RunnerName } from './matrix/case.ts';
import { openHarbour, type Harbour, type MatrixRun } from './matrix/harbour.ts';

const counterparts = [kubeconfig, dockerEngine, registry, gcsServer, s3Server, kfpPython];
const ready = counterparts.every((one) => one !== undefined);
const cases = matrixCases();

/** What of a run a case speaks of. */
function told({ status, outputs, tasks, attempts }: MatrixRun) {
  const failed = tasks.flatMap(({ name, error }) => (error === undefined ? [] : [[name, error.problem]]));
  return {
    status,
    outputs,
    tasks: Object.fromEntries(tasks.map(({ name, status: how }) => [name, how])),
    problems: Object.fromEntries(failed) as Record<string, string>,
    attempts,
  };
}

describe.skipIf(!ready)('the language on every runner', { timeout: 240_000 }, () => {
  let harbour: Harbour;
  beforeAll(async () => {
    harbour = await openHarbour(cases);
  }, 300_000);
  afterAll(() => harbour.close());

  // That of caching has tests of its own below.
  const all = cases
    .filter(({ name }) => name !== 'cache')
    .flatMap((one) => runners.map((runner) => [one.name, one.language, runner, one] as const));
  it.concurrent.for(all)('%s, from %s, on %s', async ([, , runner, one], { expect }) => {
    const run = await harbour.run(one, runner);
    const { refused, status = 'succeeded', outputs = {}, tasks, gives = {}, ...rest } = one.expected(runner);
    if (run.kind === 'refused' || refused !== undefined) {
      expect(run).toEqual({ kind: 'refused', said: expect.stringContaining(refused ?? 'nothing') as string });
      return;
    }
    const { problems = {}, attempts } = rest;
    const containing = Object.fromEntries(
      Object.entries(problems).map(([task, text]) => [task, expect.stringContaining(text) as string]),
    );
    expect(told(run)).toEqual({ status, outputs, tasks, problems: containing, attempts });
    for (const [name, given] of Object.entries(gives))
      expect(run.tasks.find((task) => task.name === name)?.outputs, name).toEqual(given);
    if (runner !== 'kubernetes') return;
    expect(await harbour.jobs(run.runId)).toBe(rest.jobs ?? attempts);
    expect(await harbour.claims(run.runId)).toBe(0);
    const pods = await harbour.pods(run.runId);
    for (const [name, has] of Object.entries(rest.pods ?? {}))
      expect(
        pods.find(({ task }) => task === name),
        name,
      ).toMatchObject(has);
    const inTurn = pods.filter(({ task }) => rest.inTurn?.includes(task));
    expect(inTurn).toHaveLength(rest.inTurn?.length ?? 0);
    for (const [at, { ended }] of inTurn.slice(0, -1).entries())
      expect(Number(inTurn[at + 1]?.made)).toBeGreaterThanOrEqual(Number(ended));
  });

  /** Runs a case on some runners, one after the other, under one root: how many attempts each of them makes. */
  const inTurn = async (
    language: MatrixCase['language'],
    order: readonly RunnerName[],
  ): Promise<readonly number[]> => {
    const one = cases.find(({ name, language: its }) => name === 'cache' && its === language);
    if (one === undefined) throw new Error(`there is no case of caching in ${language}`);
    const attempts: number[] = [];
    for (const runner of order) {
      const run = await harbour.run(one, runner, `shared-${language}`);
      if (run.kind === 'refused') throw new Error(run.said);
      const { tasks, outputs } = one.expected(runner);
      expect(run).toMatchObject({ status: 'succeeded', outputs });
      const how = run.attempts === 0 ? 'cached' : 'succeeded';
      const statuses = Object.keys(tasks).map((name) => [name, how]);
      expect(told(run).tasks).toEqual(Object.fromEntries(statuses));
      if (runner === 'kubernetes') expect(await harbour.jobs(run.runId)).toBe(run.attempts);
      attempts.push(run.attempts);
    }
    return attempts;
  };

  it.concurrent('has in TypeScript one cache for all runners', async ({ expect }) => {
    const order = ['docker', 'kubernetes', 'local', 'docker'] as const;
    expect(await inTurn('typescript', order)).toEqual([2, 0, 0, 0]);
  });

  it.concurrent('has in Python one cache for all containers, and one for what this machine runs by itself', async ({
    expect,
  }) => {
    const order = ['kubernetes', 'docker', 'local', 'local', 'kubernetes'] as const;
    expect(await inTurn('python', order)).toEqual([2, 0, 2, 0, 0]);
  });
});
