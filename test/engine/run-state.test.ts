import { expect, it } from 'vitest';
import type { RunEvent } from '../../engine/events.ts';
import { foldRun } from '../../engine/run-state.ts';

const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;
const outputs = { parameters: {}, artifacts: {} };

it('a task began when its lookup or its first attempt did, not when it ended', () => {
  const task = { kind: 'component', component: 'comp-a', after: [] } as const;
  const events: RunEvent[] = [
    {
      kind: 'tasks-added',
      at: at(0),
      tasks: [
        { path: 'a', ...task },
        { path: 'b', ...task },
      ],
    },
    { kind: 'task-ready', at: at(1), task: 'a' },
    { kind: 'cache-checked', at: at(2), task: 'a', decision: 'miss', reason: 'new' },
    { kind: 'attempt-started', at: at(3), task: 'a', attempt: 1, name: 'x', runner: 'local' },
    { kind: 'attempt-ended', at: at(4), task: 'a', attempt: 1, outcome: 'failed', retryIn: 0 },
    { kind: 'attempt-started', at: at(5), task: 'a', attempt: 2, name: 'y', runner: 'local' },
    { kind: 'task-succeeded', at: at(7), task: 'a', outputs },
    { kind: 'task-cancelled', at: at(8), task: 'b' },
  ];
  const [a, b] = foldRun(events).tasks;
  expect(a).toMatchObject({ startedAt: at(2), endedAt: at(7), attempts: 2, status: 'succeeded' });
  expect(b).toMatchObject({ startedAt: at(8), endedAt: at(8), status: 'cancelled' });
});
