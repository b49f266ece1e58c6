import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../engine/ports.ts';
import { localRunner } from '../../runners/local/index.ts';
import { attemptOf, keptLog } from './attempts.ts';
import { bundleFolder } from './components.ts';
import { isRunning } from './processes.ts';

/** What a task does, and the outcome that it must have: a code of a failure, or the kind. */
const behaviours = {
  returns: 'succeeded',
  waits: 'succeeded',
  throws: 'FER6001',
  exits: 'FER6008',
  dies: 'FER6009',
  rejects: 'FER6013',
  leaks: 'succeeded',
  hangs: 'FER6011',
  cancelled: 'cancelled',
} as const;

const body = `async ({ what, n }) => {
  console.log('task ' + n);
  if (what === 'waits') await new Promise((r) => setTimeout(r, 10));
  if (what === 'throws') throw new Error('as asked');
  if (what === 'exits') process.exit(4);
  if (what === 'dies') { process.kill(process.pid, 'SIGKILL'); for (;;); }
  if (what === 'rejects') void Promise.reject(new Error('as asked'));
  if (what === 'leaks') setInterval(() => console.log('leaked by ' + n), 1);
  if (what === 'hangs' || what === 'cancelled') for (;;) if (n % 2) await new Promise((r) => setTimeout(r, 1));
  return { pid: process.pid, n };
}`;

describe('the local runner, with tasks of all kinds at once', () => {
  it('gives each its own outcome and its own lines, and leaves no process behind', async () => {
    const bundles = await bundleFolder();
    const runner = localRunner({ bundles, env: {}, concurrency: 4, grace: 20 });
    const codes = [
      await bundles.add(body),
      await bundles.add(body, '// another component\nglobalThis.other = 1;'),
    ];
    const kinds = Object.keys(behaviours) as (keyof typeof behaviours)[];
    const tasks = Array.from({ length: 72 }, (_, n) => ({
      n,
      // Every behaviour follows every other one some time.
      what: kinds[(n * 5 + Math.floor(n / 9)) % kinds.length] ?? 'returns',
      code: codes[n % codes.length] ?? codes[0],
    }));
    const pids = new Set<number>();
    const run = async ({ n, what, code }: (typeof tasks)[number]): Promise<void> => {
      if (code === undefined) throw new Error('no code');
      const log = keptLog();
      const outcome = await runner.start(
        await attemptOf({
          code,
          parameters: { what, n },
          returns: { pid: 'NUMBER_INTEGER', n: 'NUMBER_INTEGER' },
          ...(what === 'hangs' && { timeoutSeconds: 0.15 }),
          ...(what === 'cancelled' && { signal: AbortSignal.timeout(n * 3) }),
        }),
        log,
      );
      expect([n, what, resultOf(outcome)]).toEqual([n, what, behaviours[what]]);
      const own = log.lines.filter((line) => line !== `leaked by ${n}`);
      // One that was ended before its worker was up has printed nothing.
      const early = own.length === 0 && (what === 'cancelled' || what === 'hangs');
      expect(early ? [] : own).toEqual(early ? [] : [`task ${n}`]);
      if (outcome.kind === 'succeeded') pids.add(Number(outcome.output.parameterValues?.['pid']));
    };
    await inLanes(tasks, 4, run);
    await runner.close();
    expect([...pids].filter(isRunning)).toEqual([]);
  });
});

function resultOf(outcome: Outcome): string {
  return outcome.kind === 'failed' ? outcome.failure.code : outcome.kind;
}

async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
