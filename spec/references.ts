/** Checks that the names inside a PipelineSpec lead somewhere, and that no task waits for itself. */
import type { ComponentSpec, DagSpec, PipelineSpec, TaskSpec } from './pipeline-spec.ts';
import type { Fault } from './validate.ts';

/** Lists names of a valid PipelineSpec that lead nowhere. */
export function checkReferences(spec: PipelineSpec): Fault[] {
  const faults: Fault[] = [];
  const components = spec.components ?? {};
  const executors = spec.deploymentSpec.executors ?? {};
  const visit = (component: ComponentSpec, path: readonly string[]): void => {
    if (component.dag !== undefined) checkDag(component.dag, [...path, 'dag'], components, faults);
    const label = component.executorLabel;
    if (label !== undefined && !Object.hasOwn(executors, label))
      faults.push({ path: [...path, 'executorLabel'], problem: `there is no executor "${label}"` });
  };
  visit(spec.root, ['root']);
  for (const [name, component] of Object.entries(components)) visit(component, ['components', name]);
  return faults;
}

function checkDag(
  dag: DagSpec,
  path: readonly string[],
  components: Readonly<Record<string, ComponentSpec>>,
  faults: Fault[],
): void {
  const tasks = dag.tasks ?? {};
  const task = (name: string, at: readonly (string | number)[]): void => {
    if (!Object.hasOwn(tasks, name)) faults.push({ path: at, problem: `there is no task "${name}"` });
  };
  for (const [name, spec] of Object.entries(tasks)) {
    const at = [...path, 'tasks', name];
    if (!Object.hasOwn(components, spec.componentRef.name))
      faults.push({
        path: [...at, 'componentRef', 'name'],
        problem: `there is no component "${spec.componentRef.name}"`,
      });
    spec.dependentTasks?.forEach((other, index) => task(other, [...at, 'dependentTasks', index]));
    for (const { producer, key, group } of producersOf(spec)) task(producer, [...at, 'inputs', group, key]);
  }
  for (const [name, output] of Object.entries(dag.outputs?.parameters ?? {})) {
    const selectors = output.valueFromOneof?.parameterSelectors ?? [];
    for (const selector of output.valueFromParameter === undefined ? selectors : [output.valueFromParameter])
      task(selector.producerSubtask, [...path, 'outputs', 'parameters', name]);
  }
  for (const [name, output] of Object.entries(dag.outputs?.artifacts ?? {}))
    for (const selector of output.artifactSelectors)
      task(selector.producerSubtask, [...path, 'outputs', 'artifacts', name]);
  const circle = findCircle(tasks);
  if (circle !== undefined)
    faults.push({
      path: [...path, 'tasks', circle[0] ?? ''],
      isKey: true,
      problem: `tasks wait for each other in a circle: ${[...circle, circle[0]].join(' -> ')}`,
    });
}

function producersOf(task: TaskSpec) {
  const parameters = Object.entries(task.inputs?.parameters ?? {}).map(([key, input]) => ({
    key,
    group: 'parameters',
    producer: input.taskOutputParameter?.producerTask ?? input.taskFinalStatus?.producerTask,
  }));
  const artifacts = Object.entries(task.inputs?.artifacts ?? {}).map(([key, input]) => ({
    key,
    group: 'artifacts',
    producer: input.taskOutputArtifact?.producerTask,
  }));
  return [...parameters, ...artifacts].flatMap(({ producer, ...rest }) =>
    producer === undefined ? [] : [{ ...rest, producer }],
  );
}

/** Peels off tasks that wait for nothing left; what remains is on or behind a circle. */
function findCircle(tasks: Readonly<Record<string, TaskSpec>>): string[] | undefined {
  const waits = new Map<string, Set<string>>();
  const waiters = new Map<string, string[]>();
  for (const [name, task] of Object.entries(tasks)) {
    const before = new Set(
      [...(task.dependentTasks ?? []), ...producersOf(task).map(({ producer }) => producer)].filter((other) =>
        Object.hasOwn(tasks, other),
      ),
    );
    waits.set(name, before);
    for (const other of before) waiters.set(other, [...(waiters.get(other) ?? []), name]);
  }
  const free = [...waits].filter(([, before]) => before.size === 0).map(([name]) => name);
  for (const name of free) {
    waits.delete(name);
    for (const waiter of waiters.get(name) ?? []) {
      const left = waits.get(waiter);
      left?.delete(name);
      if (left?.size === 0) free.push(waiter);
    }
  }
  const [start] = waits.keys();
  if (start === undefined) return undefined;
  const path = [start];
  for (;;) {
    const next = [...(waits.get(path.at(-1) ?? '') ?? [])].find((name) => waits.has(name));
    if (next === undefined) return path;
    const known = path.indexOf(next);
    if (known >= 0) return path.slice(known);
    path.push(next);
  }
}
