/** Compares the types that a source declares for a loaded component with what its file says. */
import type { ComponentSpec } from '../../../spec/index.ts';
import { parameterTypeOf, type ComponentInterface, type Port } from '../../interfaces/component-interface.ts';

/** Lists what is not as declared, each the rest of a sentence that begins with the file's name. */
export function interfaceFaults(declared: ComponentInterface, file: ComponentSpec): string[] {
  return [...inputFaults(declared.inputs, file), ...outputFaults(declared.outputs, file)];
}

function inputFaults(ports: readonly Port[], { inputDefinitions = {} }: ComponentSpec): string[] {
  const { parameters = {}, artifacts = {} } = inputDefinitions;
  const faults = ports.flatMap((port) => {
    const parameter = own(parameters, port.name);
    const artifact = own(artifacts, port.name);
    if (parameter === undefined && artifact === undefined) return [`has no input "${port.name}"`];
    const wrong = typeFault('input', port, parameter, artifact);
    if (wrong !== undefined) return [wrong];
    const given = parameter ?? artifact;
    const optional =
      given?.isOptional === true || (parameter !== undefined && parameter.defaultValue !== undefined);
    return port.optional && !optional
      ? [`needs the input "${port.name}", which the types leave optional`]
      : [];
  });
  const known = new Set(ports.map(({ name }) => name));
  const missing = [...Object.entries(parameters), ...Object.entries(artifacts)].filter(
    ([name, input]) =>
      !known.has(name) &&
      input.isOptional !== true &&
      !('defaultValue' in input && input.defaultValue !== undefined),
  );
  return [...faults, ...missing.map(([name]) => `needs the input "${name}", which the types do not have`)];
}

function outputFaults(ports: readonly Port[], { outputDefinitions = {} }: ComponentSpec): string[] {
  const { parameters = {}, artifacts = {} } = outputDefinitions;
  return ports.flatMap((port) => {
    const parameter = own(parameters, port.name);
    const artifact = own(artifacts, port.name);
    if (parameter === undefined && artifact === undefined) return [`has no output "${port.name}"`];
    return typeFault('output', port, parameter, artifact) ?? [];
  });
}

function typeFault(
  what: 'input' | 'output',
  { name, type }: Port,
  parameter: { readonly parameterType: string } | undefined,
  artifact:
    | { readonly artifactType: { readonly schemaTitle?: string }; readonly isArtifactList?: boolean }
    | undefined,
): string | undefined {
  const declared = type.kind === 'artifact' ? artifactText(type.title, type.list) : parameterTypeOf(type);
  const found =
    artifact === undefined
      ? parameter?.parameterType
      : artifactText(
          artifact.artifactType.schemaTitle ?? 'system.Artifact',
          artifact.isArtifactList === true,
        );
  return declared === found
    ? undefined
    : `has the ${what} "${name}" as ${found}, and the types say ${declared}`;
}

function artifactText(title: string, list: boolean): string {
  return list ? `a list of ${title}` : title;
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
