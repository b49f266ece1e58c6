import type { ComponentSpec, PipelineSpec } from '../spec/index.ts';
import type { TaskNode } from './graph.ts';
import type { PlannedTask } from './plan.ts';
import { taskFacts } from './task-facts.ts';

/** Lists the tasks inside of a DAG or a loop of which it is not known whether, or how often, they run. */
export function unknownTasks(spec: PipelineSpec, node: TaskNode, reason: string): PlannedTask[] {
  const around = node.kind === 'loop' ? `${node.path}/*` : node.path;
  return inside(spec, node.component, around, reason);
}

function inside(spec: PipelineSpec, { dag }: ComponentSpec, around: string, reason: string): PlannedTask[] {
  return taskFacts(spec, dag ?? {}, around, false).flatMap(({ path, kind, component }) => {
    const planned: PlannedTask = { name: path, kind, component, decision: 'unknown', reason };
    const below = kind === 'loop' ? `${path}/*` : path;
    return [planned, ...inside(spec, spec.components?.[component] ?? {}, below, reason)];
  });
}
