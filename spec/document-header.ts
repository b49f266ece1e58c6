/** The comment at the top of a compiled pipeline: its name, what it is for, its inputs and outputs, as KFP's compiler writes it. */
import { compareText, type JsonValue } from './json.ts';
import type { ArtifactTypeSchema, ComponentSpec, ParameterType, PipelineSpec } from './pipeline-spec.ts';
import { pythonRepr } from './python-repr.ts';

const typeNames: Readonly<Record<ParameterType, string>> = {
  STRING: 'str',
  NUMBER_INTEGER: 'int',
  NUMBER_DOUBLE: 'float',
  BOOLEAN: 'bool',
  LIST: 'list',
  STRUCT: 'dict',
  TASK_FINAL_STATUS: 'PipelineTaskFinalStatus',
  TASK_CONFIG: 'TaskConfig',
};

const nextLine = '\n#              ';

/**
 * Writes the comment of a pipeline, each line ended.
 * @param description what it is for. @default the pipeline's own
 */
export function documentHeader(
  { pipelineInfo, root }: PipelineSpec,
  description = pipelineInfo.description,
): string {
  const { name } = pipelineInfo;
  const lines = ['# PIPELINE DEFINITION', `# Name: ${oneLine(name)}`];
  if (description !== undefined && description !== '')
    lines.push(
      `# Description: ${description
        .trimEnd()
        .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
        .join(nextLine)}`,
    );
  return [...lines, ...inputLines(root), ...outputLines(root)].map((line) => `${line}\n`).join('');
}

function inputLines({ inputDefinitions }: ComponentSpec): string[] {
  if (inputDefinitions === undefined) return [];
  const { parameters = {}, artifacts = {} } = inputDefinitions;
  return [
    '# Inputs:',
    ...portLines([
      ...Object.entries(parameters).map(([name, { parameterType, defaultValue }]): Port => [
        name,
        typeNames[parameterType] + shownDefault(defaultValue),
      ]),
      ...artifactPorts(artifacts),
    ]),
  ];
}

function outputLines({ outputDefinitions }: ComponentSpec): string[] {
  if (outputDefinitions === undefined) return [];
  const { parameters = {}, artifacts = {} } = outputDefinitions;
  return [
    '# Outputs:',
    ...portLines([
      ...Object.entries(parameters).map(([name, { parameterType }]): Port => [
        name,
        typeNames[parameterType],
      ]),
      ...artifactPorts(artifacts),
    ]),
  ];
}

type Port = readonly [name: string, type: string];

function artifactPorts(
  artifacts: Readonly<Record<string, { readonly artifactType: ArtifactTypeSchema }>>,
): Port[] {
  return Object.entries(artifacts).map(([name, { artifactType }]) => [name, artifactType.schemaTitle ?? '']);
}

function portLines(ports: readonly Port[]): string[] {
  return [...ports]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, type]) => `#    ${oneLine(name)}: ${type}`);
}

function shownDefault(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return ` [Default: ${typeof value === 'string' ? `'${oneLine(value)}'` : pythonRepr(value)}]`;
}

/** Keeps a text on its line: Python's compiler lets it break out of the comment, and out of YAML. */
function oneLine(text: string): string {
  return text.replaceAll(/[\n\r\u0085\u2028\u2029]/g, (char) => JSON.stringify(char).slice(1, -1));
}
