import { expect, test } from 'vitest';
import { taskFacts } from '../../engine/task-facts.ts';
import type { PipelineSpec, TaskSpec } from '../../spec/index.ts';

const spec: PipelineSpec = {
  pipelineInfo: { name: 'p' },
  deploymentSpec: { executors: { e: { container: { image: 'i' } } } },
  components: { c: { executorLabel: 'e' } },
  root: { dag: {} },
  schemaVersion: '2.1.0',
};

test.each([
  [{}, undefined],
  [{ taskInfo: {} }, undefined],
  [{ taskInfo: { name: 'a' } }, undefined],
  [{ taskInfo: { name: 'A name for people' } }, 'A name for people'],
])('a task with %j is shown as %s', (parts, shown) => {
  const task: TaskSpec = { componentRef: { name: 'c' }, ...parts };
  const [facts] = taskFacts(spec, { tasks: { a: task } }, '', false);
  expect(facts?.displayName).toBe(shown);
});
