/** Parameters of a run, as the command line and files give them. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { messageOf, UserError, UserErrors } from '../errors/index.ts';
import type { JsonValue } from '../spec/json.ts';
import type { InputParameterDefinition, ParameterType, PipelineSpec } from '../spec/pipeline-spec.ts';

/** The raw options: `k=v` texts, and files of them. */
export interface ParameterOptions {
  readonly param: readonly string[];
  readonly params?: string;
}

/**
 * Reads the parameters given for a pipeline. A text from `--param` is read as the type its definition has; values of
 * a file are taken as they are; `--param` wins over the file. What is not known to the pipeline is passed on, for
 * the check against the definitions to name.
 */
export async function readParameters(
  spec: PipelineSpec,
  options: ParameterOptions,
): Promise<Record<string, JsonValue>> {
  const given: Record<string, JsonValue> =
    options.params === undefined ? {} : await readFileOf(options.params);
  const errors: UserError[] = [];
  const definitions = spec.root.inputDefinitions?.parameters ?? {};
  for (const text of options.param) {
    const at = text.indexOf('=');
    if (at <= 0) {
      errors.push(
        new UserError('FER1002', {
          problem: `"--param ${text}" has no value`,
          fix: 'write --param name=value',
        }),
      );
      continue;
    }
    const name = text.slice(0, at);
    const value = valueOf(name, text.slice(at + 1), definitions[name]);
    if (value instanceof UserError) errors.push(value);
    else given[name] = value;
  }
  if (errors.length > 0) throw new UserErrors(errors);
  return given;
}

function valueOf(
  name: string,
  text: string,
  definition: InputParameterDefinition | undefined,
): JsonValue | UserError {
  const type = definition?.parameterType ?? 'STRING';
  const wrong = (wanted: string): UserError =>
    new UserError('FER1002', {
      problem: `the parameter "${name}" wants ${wanted}, and was given "${text}"`,
      fix: `write --param ${name}=${exampleOf(type)}`,
    });
  switch (type) {
    case 'STRING':
      return text;
    case 'BOOLEAN':
      return text === 'true' ? true : text === 'false' ? false : wrong('true or false');
    case 'NUMBER_DOUBLE':
    case 'NUMBER_INTEGER': {
      const wanted = type === 'NUMBER_INTEGER' ? 'a whole number' : 'a number';
      const value = Number(text);
      if (text.trim() === '' || !Number.isFinite(value)) return wrong(wanted);
      return type === 'NUMBER_INTEGER' && !Number.isSafeInteger(value) ? wrong(wanted) : value;
    }
    case 'LIST':
    case 'STRUCT':
    case 'TASK_FINAL_STATUS':
    case 'TASK_CONFIG': {
      const value = parseJson(text);
      const isObject = typeof value === 'object' && value !== null;
      const fits = isObject && Array.isArray(value) === (type === 'LIST');
      return value === undefined || !fits ? wrong(type === 'LIST' ? 'a JSON array' : 'a JSON object') : value;
    }
  }
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function exampleOf(type: ParameterType): string {
  switch (type) {
    case 'BOOLEAN':
      return 'true';
    case 'NUMBER_INTEGER':
      return '10';
    case 'NUMBER_DOUBLE':
      return '0.5';
    case 'LIST':
      return `'[1, 2]'`;
    case 'STRING':
      return 'text';
    case 'STRUCT':
    case 'TASK_FINAL_STATUS':
    case 'TASK_CONFIG':
      return `'{"key": "value"}'`;
  }
}

async function readFileOf(file: string): Promise<Record<string, JsonValue>> {
  let content: unknown;
  try {
    content = parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UserError('FER1001', {
      problem: `the parameter file "${file}" cannot be read: ${messageOf(error)}`,
      fix: 'give a JSON or YAML file with one field a parameter',
      at: { file },
      cause: error,
    });
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new UserError('FER1002', {
      problem: `the parameter file "${file}" does not hold one field a parameter`,
      fix: 'write it as `name: value` lines, or as a JSON object',
      at: { file },
    });
  return content as Record<string, JsonValue>;
}
