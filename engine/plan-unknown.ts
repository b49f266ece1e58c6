import type { ComponentSpec, PipelineSpec } from '../spec/index.ts';
import type { TaskNode } from './graph/graph.ts';
import type { PlannedTask } from './plan.ts';
import { taskFacts } from './task-facts.ts';

/** Inputs of a scope that a run must make first: the task that makes each. */
export type Unknown = ReadonlyMap<string, string>;

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

/** Finds the inputs of a task whose values a run must make first, and the task that makes each. */
export function unknownInputs(
  node: TaskNode,
  unknown: Unknown,
  isKept: (maker: TaskNode) => boolean,
): readonly (readonly [string, string])[] {
  const found: [string, string][] = [];
  // What an iteration is given, its loop is.
  const place = node.iteration?.loop ?? node;
  const note = (name: string, producer: string, known: (maker: TaskNode) => boolean): void => {
    const maker = place.scope.nodes.get(producer);
    if (maker === undefined || known(maker)) return;
    if (!isKept(maker)) found.push([name, maker.path]);
  };
  for (const [name, source] of Object.entries(node.task.inputs?.parameters ?? {})) {
    const made = source.taskOutputParameter;
    if (made !== undefined)
      note(
        name,
        made.producerTask,
        (maker) => maker.outputs?.parameters[made.outputParameterKey] !== undefined,
      );
    const maker = unknown.get(source.componentInputParameter ?? '');
    if (maker !== undefined) found.push([name, maker]);
  }
  for (const [name, source] of Object.entries(node.task.inputs?.artifacts ?? {})) {
    const made = source.taskOutputArtifact;
    if (made !== undefined)
      note(
        name,
        made.producerTask,
        (maker) => maker.outputs?.artifacts[made.outputArtifactKey] !== undefined,
      );
    const maker = unknown.get(source.componentInputArtifact ?? '');
    if (maker !== undefined) found.push([name, maker]);
  }
  return found;
}
