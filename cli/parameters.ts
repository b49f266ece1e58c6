/** Parameters of a run, as the command line and files give them. */
import { readFile } from 'node:fs/promises';
import { messageOf, UserError, UserErrors } from '../errors/index.ts';
import type { JsonValue } from '../spec/json.ts';
import { readParameterText } from '../spec/parameters.ts';
import type { PipelineSpec } from '../spec/pipeline-spec.ts';

/** The raw options: `k=v` texts, and files of them. */
export interface ParameterOptions {
  readonly param: readonly string[];
  readonly params?: string;
}

/**
 * Reads the parameters given for a pipeline. A text from `--param` is read as the type its definition has; values of
 * a file are taken as they are, for the check against the definitions to judge; `--param` wins over the file.
 * @throws UserErrors with each text that has no value, names no parameter or is of another type
 */
export async function readParameters(
  spec: PipelineSpec,
  options: ParameterOptions,
): Promise<Record<string, JsonValue>> {
  const given: Record<string, JsonValue> =
    options.params === undefined ? {} : await readFileOf(options.params);
  const errors: UserError[] = [];
  for (const text of options.param)
    try {
      const [name, value] = readParameter(spec, text);
      given[name] = value;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.push(error);
    }
  if (errors.length > 0) throw new UserErrors(errors);
  return given;
}

function readParameter(spec: PipelineSpec, text: string): readonly [string, JsonValue] {
  const at = text.indexOf('=');
  if (at <= 0)
    throw new UserError('FER1002', {
      problem: `"--param ${text}" has no value`,
      fix: 'write --param name=value',
    });
  const name = text.slice(0, at);
  return [name, readParameterText(spec, name, text.slice(at + 1))];
}

async function readFileOf(file: string): Promise<Record<string, JsonValue>> {
  let content: unknown;
  try {
    const { parse } = await import('yaml');
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
