import { describe, expect, it } from 'vitest';
import { remoteEvents } from '../../cli/remotes/remote-events.ts';
import type { RemoteTask } from '../../remotes/ports.ts';

function done(name: string, startedAt?: string): RemoteTask {
  const times = startedAt === undefined ? {} : { startedAt, endedAt: startedAt };
  return { kind: 'remote-task', id: `id-${name}`, name, status: 'succeeded', artifacts: {}, ...times };
}

describe('what a look at a run elsewhere tells', () => {
  it('comes in the order in which tasks began, whatever the order of the answer', () => {
    const spec = { pipelineInfo: { name: 'p' }, root: {}, deploymentSpec: {}, schemaVersion: '2.1.0' };
    const events = remoteEvents({ compiled: { spec }, parameters: {}, backend: 'kfp' });
    const seen = events({
      kind: 'remote-run',
      id: 'r',
      name: 'r',
      status: 'running',
      tasks: [
        done('count', '2026-01-01T00:00:02Z'),
        done('never'),
        done('split', '2026-01-01T00:00:01Z'),
        done('again', '2026-01-01T00:00:02Z'),
      ],
    });
    const order = seen.flatMap((event) => (event.kind === 'task-succeeded' ? [event.task] : []));
    expect(order).toEqual(['split', 'count', 'again', 'never']);
  });
});
