/** Placeholders inside a text: `{{$}}`, `{{$.inputs.parameters['name']}}` and their like. */
import { UserError } from '../../errors/ferrule-error.ts';
import type { ArtifactList, ExecutorInput, RuntimeArtifact } from '../executor-io.ts';
import type { JsonValue } from '../json.ts';
import { localPathOf } from '../local-path.ts';
import { runFact, type PlaceholderFacts } from './run-facts.ts';
import { valueText } from './value-text.ts';

const placeholder = /\{\{\$(?:\}\}|\.([^{}]*)\}\})/g;

/**
 * Replaces the placeholders of a text, each by its value as KFP's launcher writes it. Values are not looked through
 * for placeholders of their own.
 * @throws UserError FER3006 for one that stands for nothing. In a text of several lines, which is a program's, only
 * those of inputs and outputs do
 */
export function resolveText(text: string, input: ExecutorInput, facts: PlaceholderFacts): string {
  return text.replaceAll(placeholder, (written, path: string | undefined) => {
    const value = path === undefined ? JSON.stringify(input) : valueAt(`.${path}`, input, facts);
    if (value !== undefined) return value;
    if (text.includes('\n') && !/^(inputs|outputs)[.[]/.test(path ?? '')) return written;
    throw new UserError('FER3006', {
      problem: `the placeholder ${written} stands for nothing here${whatIsThere(path ?? '', input)}`,
      fix:
        path?.startsWith('inputs') === true
          ? 'give the input a value or a default, or put the placeholder inside an IfPresent'
          : 'see the placeholders that KFP has; where it is no placeholder, write {{ $ with a blank',
    });
  });
}

function valueAt(path: string, input: ExecutorInput, facts: PlaceholderFacts): string | undefined {
  const steps = stepsOf(path);
  if (steps === undefined) return undefined;
  const [group, kind, name = '', ...rest] = steps;
  if (kind === undefined)
    return group === 'outputMetadataUri' ? input.outputs.outputFile : runFact(group ?? '', facts);
  if (group !== 'inputs' && group !== 'outputs') return undefined;
  if (group === 'outputs' && kind === 'output_file' && steps.length === 2) return input.outputs.outputFile;
  switch (`${group}.${kind}`) {
    case 'inputs.parameters': {
      const value = own(input.inputs.parameterValues, name);
      return value === undefined || value === null || rest.length > 0 ? undefined : valueText(value);
    }
    case 'outputs.parameters':
      return rest.length === 1 && rest[0] === 'output_file'
        ? own(input.outputs.parameters, name)?.outputFile
        : undefined;
    case 'inputs.artifacts':
    case 'outputs.artifacts': {
      const list = own(input[group].artifacts, name);
      return list === undefined ? undefined : artifactValue(list, rest);
    }
    default:
      return undefined;
  }
}

/** Cuts `.inputs.parameters['name']` into its steps; undefined where it is nothing of the kind. */
function stepsOf(path: string): string[] | undefined {
  const step = /\.([A-Za-z_]\w*)|\[(?:'([^']*)'|"([^"]*)")\]/y;
  const steps: string[] = [];
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (match === null) return undefined;
    steps.push(match[1] ?? match[2] ?? match[3] ?? '');
  }
  return steps;
}

/** A list of artifacts has no fields but the whole: a field is that of its only, or first, artifact. */
function artifactValue(list: ArtifactList, rest: readonly string[]): string | undefined {
  const [field, key, ...more] = rest;
  if (field === undefined) return JSON.stringify(list);
  const [artifact] = list.artifacts;
  if (artifact === undefined || more.length > 0) return undefined;
  if (field === 'metadata' && key !== undefined) {
    const value = own(artifact.metadata, key);
    return value === undefined ? undefined : valueText(value);
  }
  return key === undefined ? artifactField(artifact, field) : undefined;
}

function artifactField(artifact: RuntimeArtifact, field: string): string | undefined {
  switch (field) {
    case 'uri':
      return artifact.uri;
    case 'path':
      return localPathOf(artifact);
    case 'name':
      return artifact.name;
    case 'metadata':
      return JSON.stringify(artifact.metadata ?? {});
    default:
      return undefined;
  }
}

/** Names what could have been meant. */
function whatIsThere(path: string, input: ExecutorInput): string {
  const group = /^(inputs|outputs)\.(parameters|artifacts)\b/.exec(path);
  if (group === null) return '';
  const records: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>> = {
    'inputs.parameters': input.inputs.parameterValues,
    'inputs.artifacts': input.inputs.artifacts,
    'outputs.parameters': input.outputs.parameters,
    'outputs.artifacts': input.outputs.artifacts,
  };
  const known = Object.keys(records[group[0]] ?? {});
  const what = `${group[1]?.slice(0, -1)} ${group[2]}`;
  return known.length === 0 ? `: the task has no ${what}` : `: the task's ${what} are ${known.join(', ')}`;
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Tells whether a task was given an input; null is KFP's way to say that it was not. */
export function isGiven(name: string, { inputs }: ExecutorInput): boolean {
  const value: JsonValue | undefined = own(inputs.parameterValues, name);
  return (value !== undefined && value !== null) || (own(inputs.artifacts, name)?.artifacts.length ?? 0) > 0;
}
