/** What can be named where a task stands: the inputs of its DAG, the tasks beside it, and what these give. */
import { isLeakedItem } from '../names.ts';
import type { Fault } from '../validate.ts';
import type {
  ComponentSpec,
  DagSpec,
  InputArtifactDefinition,
  InputParameterDefinition,
  OutputArtifactDefinition,
  OutputParameterDefinition,
  TaskSpec,
} from '../pipeline-spec.ts';

type Path = Fault['path'];
export type Components = Readonly<Record<string, ComponentSpec>>;

/** Takes a fault; `isKey` where it is the key at the end of the path that is wrong. */
export type Report = (
  code: NonNullable<Fault['code']>,
  path: Path,
  problem: string,
  more?: { readonly fix?: string; readonly isKey?: boolean },
) => void;

/** A DAG whose insides are checked. */
export interface Scope {
  readonly owner: ComponentSpec;
  readonly dag: DagSpec;
  readonly components: Components;
  readonly report: Report;
}

/** An output of either kind; the fields of the other kind are never there. */
type Output = Partial<OutputParameterDefinition & OutputArtifactDefinition>;

export interface Ports {
  readonly inputs: {
    readonly parameters: Readonly<Record<string, InputParameterDefinition>>;
    readonly artifacts: Readonly<Record<string, InputArtifactDefinition>>;
  };
  readonly outputs: {
    readonly parameters: Readonly<Record<string, Output>>;
    readonly artifacts: Readonly<Record<string, Output>>;
  };
}

const none: Ports = {
  inputs: { parameters: {}, artifacts: {} },
  outputs: { parameters: {}, artifacts: {} },
};

/** The inputs and outputs of a component; what a DAG gives counts even where it is not declared. */
export function portsOf(component: ComponentSpec | undefined): Ports {
  if (component === undefined) return none;
  const given = component.dag?.outputs;
  const empty = (names: object | undefined) =>
    Object.fromEntries(Object.keys(names ?? {}).map((name) => [name, {}]));
  return {
    inputs: { ...none.inputs, ...component.inputDefinitions },
    outputs: {
      parameters: { ...empty(given?.parameters), ...component.outputDefinitions?.parameters },
      artifacts: { ...empty(given?.artifacts), ...component.outputDefinitions?.artifacts },
    },
  };
}

/** The component of a task; undefined where the name leads nowhere, which is told at the task itself. */
export function componentOf(task: TaskSpec | undefined, components: Components): ComponentSpec | undefined {
  const name = task?.componentRef.name ?? '';
  return Object.hasOwn(components, name) ? components[name] : undefined;
}

/** Looks a name up, without what every object has. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Says what could have been meant: `: there are a, b`. */
export function whatThereIs(what: string, names: Iterable<string>): string {
  const known = [...names];
  if (known.length === 0) return `, which has no ${what}`;
  const shown = known.length > 8 ? [...known.slice(0, 8), '...'] : known;
  return `, whose ${what} are ${shown.join(', ')}`;
}

/**
 * Finds an output of a task beside the one that is checked, and reports where there is none.
 * @param kind which of the producer's outputs is meant
 */
export function outputOf(
  { dag, components, report }: Scope,
  kind: 'parameters' | 'artifacts',
  from: { readonly task: string; readonly key: string },
  at: Path,
): Output | undefined {
  const producer = own(dag.tasks, from.task);
  if (producer === undefined) {
    report('FER3005', at, `there is no task "${from.task}"`);
    return undefined;
  }
  const component = componentOf(producer, components);
  if (component === undefined) return undefined;
  const { outputs } = portsOf(component);
  const found = own(outputs[kind], from.key);
  if (found !== undefined) return found;
  if (isLeakedItem(from.key)) return undefined;
  const other = kind === 'parameters' ? 'artifacts' : 'parameters';
  const one = kind === 'parameters' ? 'output parameter' : 'output artifact';
  report(
    'FER3005',
    at,
    own(outputs[other], from.key) === undefined
      ? `there is no ${one} "${from.key}" of the task "${from.task}"${whatThereIs(`output ${kind}`, Object.keys(outputs[kind]))}`
      : `"${from.key}" of the task "${from.task}" is no ${one}: it is one of the ${other}`,
  );
  return undefined;
}
