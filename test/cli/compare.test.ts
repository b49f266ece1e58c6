import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../cli/compare/comparison.ts';
import { comparisonHtml } from '../../cli/compare/comparison-html.ts';
import { formatComparison } from '../../cli/compare/comparison-text.ts';
import type { RunState, TaskState } from '../../engine/run-state.ts';

function runOf(runId: string, epochs: number, accuracy: number, extra: Partial<RunState> = {}): RunState {
  const task: TaskState = {
    name: 'train',
    kind: 'component',
    component: 'comp-train',
    after: [],
    status: 'succeeded',
    attempts: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:02.500Z',
    outputs: {
      parameters: {},
      artifacts: {
        metrics: [
          {
            name: 'metrics',
            type: { schemaTitle: 'system.Metrics', schemaVersion: '0.0.1' },
            uri: 'runs/x',
            metadata: { accuracy },
            size: 0,
            files: 0,
            folder: false,
          },
        ],
      },
    },
  };
  return {
    runId,
    pipeline: 'weather',
    labels: {},
    status: 'succeeded',
    parameters: { epochs, bucket: 'b<1>' },
    parameterTypes: {},
    caching: 'on',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:03.000Z',
    tasks: [task],
    outputs: { parameters: {}, artifacts: {} },
    warnings: [],
    ...extra,
  };
}

describe('a comparison of runs', () => {
  const comparison = compareRuns([runOf('a', 5, 0.8), runOf('b', 10, 0.9), runOf('c', 10, 0.9)]);
  const row = (section: string, name: string): unknown =>
    comparison.sections.find(({ title }) => title === section)?.rows.find((one) => one.name === name);

  it('has one cell a run and says what differs', () => {
    expect(row('parameters', 'epochs')).toMatchObject({
      differs: true,
      cells: [{ number: 5 }, { number: 10 }, { number: 10 }],
    });
    expect(row('parameters', 'bucket')).toMatchObject({ differs: false });
    expect(row('metrics', 'train.metrics.accuracy')).toMatchObject({
      differs: true,
      cells: [{ text: '0.8' }, { text: '0.9' }, {}],
    });
    expect(row('tasks', 'train')).toMatchObject({ cells: [{ text: '2.5 s' }, {}, {}] });
  });

  it('leaves a cell empty where a run has no such thing', () => {
    const other = compareRuns([runOf('a', 5, 0.8), runOf('b', 5, 0.8, { parameters: { epochs: 5 } })]);
    const bucket = other.sections.flatMap(({ rows }) => rows).find(({ name }) => name === 'bucket');
    expect(bucket).toMatchObject({ differs: true });
    expect(bucket?.cells[1]).toBeUndefined();
  });

  it('is a table on a terminal', () => {
    expect(formatComparison(comparison, (_, text) => text)).toContain('  epochs                  5');
  });

  it('is one HTML file without outside requests, with everything escaped and the best figure marked', () => {
    const html = comparisonHtml(comparison);
    expect(html).toContain('b&lt;1&gt;');
    expect(html).not.toContain('<1>');
    expect(html).not.toMatch(/(src|href)=/);
    expect(html.match(/class="best">0\.9</g)).toHaveLength(2);
  });
});
