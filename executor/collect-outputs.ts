/** What a container left behind, whoever wrote it: read by KFP's rules. */
import { readFile } from 'node:fs/promises';
import { UserError, messageOf } from '../errors/ferrule-error.ts';
import type { ArtifactList, ExecutorInput, ExecutorOutput, RuntimeArtifact } from '../spec/executor-io.ts';
import type { JsonValue } from '../spec/json.ts';
import { hasParameterType } from '../spec/parameter-type.ts';
import type { ComponentSpec, ParameterType } from '../spec/pipeline-spec.ts';
import { checkType } from './returned-values.ts';

/**
 * Reads the outputs of a container that has ended well: its executor output, where it wrote one, and for output
 * parameters that are not in there the file of each. What the component does not declare is left out.
 * @param input with the paths of output files as they are on this machine
 * @throws UserError FER6018 for an executor output or a parameter's file that does not read, FER6004 for an output
 * parameter that is nowhere or has another type
 */
export async function collectOutputs(
  component: ComponentSpec,
  input: ExecutorInput,
): Promise<ExecutorOutput> {
  const written = await readExecutorOutput(input.outputs.outputFile);
  const { parameters = {}, artifacts = {} } = component.outputDefinitions ?? {};
  const parameterValues: Record<string, JsonValue> = {};
  for (const [name, { parameterType }] of Object.entries(parameters)) {
    const given = written.parameterValues[name];
    if (given !== undefined) checkType(name, given, parameterType);
    parameterValues[name] =
      given ?? (await readParameter(name, parameterType, input.outputs.parameters?.[name]?.outputFile));
  }
  const lists = Object.keys(artifacts).flatMap((name) => {
    const list = written.artifacts[name];
    return list === undefined ? [] : [[name, list] as const];
  });
  return {
    ...(Object.keys(parameters).length > 0 && { parameterValues }),
    ...(lists.length > 0 && { artifacts: Object.fromEntries(lists) }),
  };
}

interface WrittenOutput {
  readonly parameterValues: Readonly<Record<string, JsonValue>>;
  readonly artifacts: Readonly<Record<string, ArtifactList>>;
}

async function readExecutorOutput(file: string): Promise<WrittenOutput> {
  const text = await readText(file);
  // KFP's launcher takes an empty file for none: Python opens it before it knows what to write.
  if (text === undefined || text.trim() === '') return { parameterValues: {}, artifacts: {} };
  const unreadable = (problem: string): UserError =>
    new UserError('FER6018', {
      problem: `the executor output that the container wrote does not read: ${problem}`,
      fix: `write JSON with parameterValues and artifacts to ${file}, as KFP's executor does`,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    // Python writes these, though JSON has no such numbers, and no backend reads them.
    const number = /[:[,]\s*(-?(?:NaN|Infinity))\s*[,}\]]/.exec(text)?.[1];
    if (number === undefined) throw unreadable(messageOf(thrown));
    throw new UserError('FER6018', {
      problem: `the component gave ${number}, which JSON cannot hold`,
      fix: 'return a finite number, or a text that says so',
    });
  }
  if (!isRecord(value)) throw unreadable('it is no object');
  const parameterValues = value['parameterValues'] ?? value['parameter_values'] ?? {};
  const artifacts = value['artifacts'] ?? {};
  if (!isRecord(parameterValues)) throw unreadable('parameterValues is no object');
  if (!isRecord(artifacts)) throw unreadable('artifacts is no object');
  return {
    // What JSON.parse gave is JSON.
    parameterValues: parameterValues as Record<string, JsonValue>,
    artifacts: Object.fromEntries(
      Object.entries(artifacts).map(([name, list]) => [name, artifactList(name, list, unreadable)]),
    ),
  };
}

function artifactList(name: string, list: unknown, unreadable: (problem: string) => UserError): ArtifactList {
  const artifacts = isRecord(list) ? (list['artifacts'] ?? []) : undefined;
  if (!Array.isArray(artifacts)) throw unreadable(`artifacts.${name} has no list of artifacts`);
  return {
    artifacts: artifacts.map((artifact: unknown): RuntimeArtifact => {
      if (!isRecord(artifact)) throw unreadable(`artifacts.${name} holds something that is no artifact`);
      const { uri = '', metadata = {} } = artifact;
      const customPath = artifact['customPath'] ?? artifact['custom_path'];
      if (typeof uri !== 'string') throw unreadable(`artifacts.${name} has a uri that is no text`);
      if (!isRecord(metadata)) throw unreadable(`artifacts.${name} has metadata that is no object`);
      return {
        name: typeof artifact['name'] === 'string' ? artifact['name'] : name,
        uri,
        metadata: metadata as Record<string, JsonValue>,
        ...(typeof customPath === 'string' && customPath !== '' && { customPath }),
      };
    }),
  };
}

async function readParameter(
  name: string,
  type: ParameterType,
  file: string | undefined,
): Promise<JsonValue> {
  const text = file === undefined ? undefined : await readText(file);
  if (text === undefined)
    throw new UserError('FER6004', {
      problem: `the container declares the output parameter "${name}", and wrote no value for it`,
      fix: `write it to the file that {{$.outputs.parameters['${name}'].output_file}} names, in every case`,
    });
  const value = parameterOf(text, type);
  if (value !== undefined && hasParameterType(value, type)) return value;
  throw new UserError('FER6018', {
    problem: `the file of the output parameter "${name}" holds ${JSON.stringify(text.slice(0, 100))}, which is no ${type}`,
    fix: fileFix[type],
  });
}

/** A STRING is the text as it is, a BOOLEAN may be written as Python does, and the rest is JSON. */
function parameterOf(text: string, type: ParameterType): JsonValue | undefined {
  if (type === 'STRING') return text;
  try {
    return JSON.parse(type === 'BOOLEAN' ? text.toLowerCase() : text) as JsonValue;
  } catch {
    return undefined;
  }
}

const fileFix: Readonly<Record<ParameterType, string>> = {
  STRING: 'write the text as it is',
  BOOLEAN: 'write true or false',
  NUMBER_DOUBLE: 'write a number as JSON does, such as 0.5, and nothing else',
  NUMBER_INTEGER: 'write a whole number within ±2^53, such as 10, and nothing else',
  LIST: 'write a list as JSON does',
  STRUCT: 'write an object as JSON does',
  TASK_FINAL_STATUS: 'write JSON',
  TASK_CONFIG: 'write JSON',
};

/** Reads a file; undefined where there is none. */
async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw new UserError('FER6018', {
      problem: `an output that the container wrote cannot be read: ${messageOf(thrown)}`,
      fix: 'write a plain file there that its user may read',
      cause: thrown,
    });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
