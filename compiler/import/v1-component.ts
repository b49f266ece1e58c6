/** Turns a component of KFP 1 into a pipeline of that one component, as `kfp.components.load_component` and KFP's compiler do. */
import { UserError, UserErrors } from '../../errors/index.ts';
import type {
  CompiledPipeline,
  ComponentSpec,
  ContainerSpec,
  InputArtifactDefinition,
  InputParameterDefinition,
  JsonValue,
  OutputArtifactDefinition,
  OutputParameterDefinition,
} from '../../spec/index.ts';
import type { ReadDocument } from '../../spec/read-documents.ts';
import { validate, type Fault } from '../../spec/validate.ts';
import { commandItem, type V1Ports } from './v1-placeholders.ts';
import { defaultOfV1, typeOfV1, type V1Type } from './v1-types.ts';
import { wrapComponent } from './wrap-component.ts';

/** A component of KFP 1 in the form of KFP 2, with the descriptions that KFP 2 drops. */
export interface ConvertedComponent {
  readonly compiled: CompiledPipeline;
  readonly description?: string;
  /** Descriptions of inputs and outputs, by their names in the compiled form. */
  readonly descriptions: ReadonlyMap<string, string>;
  /** What KFP converts in the same way, and cannot work. */
  readonly warnings: readonly string[];
}

interface PortV1 {
  readonly name: string;
  readonly type?: JsonValue;
  readonly description?: string;
  readonly default?: JsonValue;
  readonly optional?: boolean;
}

interface ComponentV1 {
  readonly name?: string;
  readonly description?: string;
  readonly inputs?: readonly PortV1[];
  readonly outputs?: readonly PortV1[];
  readonly implementation: {
    readonly container?: {
      readonly image: string;
      readonly command?: readonly JsonValue[];
      readonly args?: readonly JsonValue[];
      readonly env?: Readonly<Record<string, string>>;
      readonly fileOutputs?: object;
    };
  };
}

/** Tells whether a document is a component of KFP 1. */
export function isComponentV1(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'implementation' in value;
}

/**
 * Converts a component of KFP 1.
 * @param sdkVersion what the compiled form says it was made by
 * @throws UserErrors FER3009 with all that cannot be converted
 */
export function convertComponentV1(
  document: ReadDocument,
  file: string,
  sdkVersion: string,
): ConvertedComponent {
  const faults: Fault[] = validate(withoutNulls(document.value), 'ComponentV1');
  const throwFaults = (): void => {
    if (faults.length === 0) return;
    throw new UserErrors(
      faults.map(
        ({ path, isKey, problem, fix }) =>
          new UserError('FER3009', {
            at: document.placeOf(path, isKey) ?? { file },
            problem,
            ...(fix !== undefined && { fix }),
          }),
      ),
    );
  };
  throwFaults();
  // Checked above.
  const given = withoutNulls(document.value) as ComponentV1;
  const warnings: string[] = [];
  const fault = (path: Fault['path'], problem: string, fix?: string): void => {
    faults.push({ path, problem, ...(fix !== undefined && { fix }) });
  };
  const container = given.implementation.container;
  if (container === undefined)
    fault(
      ['implementation'],
      'the component has no container: graphs of KFP 1 have no form in KFP 2',
      'write the graph as a pipeline',
    );
  const name = (given.name ?? 'name')
    .toLowerCase()
    .replaceAll(/[^-0-9a-z]+/g, '-')
    .replaceAll(/-+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (!/^[a-z0-9][a-z0-9-]{0,127}$/.test(name))
    fault(
      ['name'],
      `the name ${JSON.stringify(given.name)} has no form in KFP 2`,
      'give it one with Latin letters or digits, at most 128',
    );
  const ports: V1Ports = {
    inputs: namedPorts(given.inputs ?? [], 'inputs', fault),
    outputs: namedPorts(given.outputs ?? [], 'outputs', fault),
    fault,
    warn: (problem) => warnings.push(problem),
  };
  const component = definitionsOf(given, ports, document);
  const containerSpec = containerOf(container, ports);
  throwFaults();
  const compiled = wrapComponent(name, component, { container: containerSpec }, sdkVersion);
  return {
    compiled,
    ...(given.description !== undefined && { description: given.description }),
    descriptions: new Map(
      [...(given.inputs ?? []), ...(given.outputs ?? [])].flatMap(({ name: port, description }) =>
        description === undefined ? [] : [[sanitizedName(port), description] as const],
      ),
    ),
    warnings,
  };
}

/** KFP 1 takes null for what is not given, but for the value of a placeholder. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, field]) => field !== null || key === 'executorInput')
      .map(([key, field]) => [key, withoutNulls(field)]),
  );
}

function sanitizedName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^_0-9a-z]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}

function namedPorts(given: readonly PortV1[], group: string, fault: V1Ports['fault']): V1Ports['inputs'] {
  const ports = new Map<string, { readonly name: string; readonly type: V1Type }>();
  const taken = new Map<string, string>();
  for (const [index, { name: written, type }] of given.entries()) {
    const at = [group, index, 'name'];
    const name = sanitizedName(written);
    const other = taken.get(name);
    if (name === '')
      fault(at, `the name ${JSON.stringify(written)} has no form in KFP 2`, 'use Latin letters or digits');
    if (other !== undefined)
      fault(at, `"${written}" and "${other}" are both called "${name}" in KFP 2`, 'rename one');
    if (Array.isArray(type))
      fault([group, index, 'type'], 'a type is a name, or a map with one name as its key');
    taken.set(name, written);
    ports.set(written, { name, type: typeOfV1(type) });
  }
  return ports;
}

function definitionsOf(given: ComponentV1, ports: V1Ports, document: ReadDocument): ComponentSpec {
  const inputs = {
    parameters: {} as Record<string, InputParameterDefinition>,
    artifacts: {} as Record<string, InputArtifactDefinition>,
  };
  const outputs = {
    parameters: {} as Record<string, OutputParameterDefinition>,
    artifacts: {} as Record<string, OutputArtifactDefinition>,
  };
  for (const [index, input] of (given.inputs ?? []).entries()) {
    const port = ports.inputs.get(input.name);
    if (port === undefined) continue;
    const isOptional = input.optional === true || input.default !== undefined;
    if (port.type.kind === 'artifact')
      inputs.artifacts[port.name] = { artifactType: port.type.type, ...(isOptional && { isOptional }) };
    else if (port.type.type === 'TASK_FINAL_STATUS')
      inputs.parameters[port.name] = { parameterType: port.type.type, isOptional: true };
    else {
      const at = ['inputs', index, 'default'];
      const read =
        input.default === undefined
          ? undefined
          : defaultOfV1(input.type, input.default, document.sourceOf(at));
      if (read?.kind === 'malformed') ports.fault(at, read.problem, 'correct the default, or the type');
      inputs.parameters[port.name] = {
        parameterType: port.type.type,
        ...(read?.kind === 'value' && { defaultValue: read.value }),
        ...(isOptional && { isOptional }),
      };
    }
  }
  for (const { name, type } of ports.outputs.values())
    if (type.kind === 'artifact') outputs.artifacts[name] = { artifactType: type.type };
    else outputs.parameters[name] = { parameterType: type.type };
  return {
    ...(ports.inputs.size > 0 && { inputDefinitions: withoutEmpty(inputs) }),
    ...(ports.outputs.size > 0 && { outputDefinitions: withoutEmpty(outputs) }),
  };
}

function withoutEmpty<T extends object>(groups: T): Partial<T> {
  // What is left are entries of the same type.
  return Object.fromEntries(
    Object.entries(groups).filter(([, group]) => Object.keys(group as object).length > 0),
  ) as Partial<T>;
}

function containerOf(container: ComponentV1['implementation']['container'], ports: V1Ports): ContainerSpec {
  const { image = '', command = [], args = [], env = {}, fileOutputs } = container ?? {};
  const at = ['implementation', 'container'];
  if (fileOutputs !== undefined)
    ports.fault(
      [...at, 'fileOutputs'],
      'fileOutputs names places where the program writes by itself, which KFP 2 does not look at',
      'hand the program its places: {outputPath: NAME} in args',
    );
  const items = (list: readonly JsonValue[], key: string): string[] =>
    list.map((item, index) => commandItem(item, [...at, key, index], ports));
  return {
    image,
    ...(command.length > 0 && { command: items(command, 'command') }),
    ...(args.length > 0 && { args: items(args, 'args') }),
    ...(Object.keys(env).length > 0 && {
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
    }),
  };
}
