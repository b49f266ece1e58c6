/** The arguments that a component's container is started with. */
import { readFileSync } from 'node:fs';
import { UserError, messageOf } from '../errors/ferrule-error.ts';
import { isDigest, type Digest } from '../spec/digest.ts';
import type { ExecutorInput } from '../spec/executor-io.ts';
import type { MadeFrom } from '../spec/made-from.ts';

export interface ExecutorArguments {
  readonly input: ExecutorInput;
  /** The component's exported name. */
  readonly function: string;
  /** Digest that the bundle must have. */
  readonly code: Digest;
  /** What the image must have been made from. */
  readonly madeFrom: MadeFrom;
  readonly artifactLists: readonly string[];
  readonly secretEnv: readonly string[];
}

/**
 * Reads the arguments. Flags that it does not know are left to others: `--salt` and its like are there for the cache.
 * @throws UserError FER6007 where one is missing or malformed
 */
export function readArguments(args: readonly string[]): ExecutorArguments {
  const values = flagValues(args);
  const one = (flag: string): string => {
    const value = values.get(flag)?.at(-1);
    if (value === undefined)
      throw malformed(`${flag} is missing`, `start it with ${flag} and its value, as the spec does`);
    return value;
  };
  const code = one('--code');
  if (!isDigest(code)) throw malformed(`--code ${code} is no digest`, 'it reads sha256:<64 hex digits>');
  return {
    input: readInput(one('--executor_input')),
    function: one('--function_to_execute'),
    code,
    madeFrom: {
      ...digestOf(values, 'natives'),
      ...digestOf(values, 'recipe'),
    },
    artifactLists: values.get('--artifact-list') ?? [],
    secretEnv: values.get('--secret-env') ?? [],
  };
}

function digestOf(values: ReadonlyMap<string, string[]>, name: keyof MadeFrom): MadeFrom {
  const text = values.get(`--${name}`)?.at(-1);
  return text !== undefined && isDigest(text) ? { [name]: text } : {};
}

/** Takes `--flag value` and `--flag=value`. */
function flagValues(args: readonly string[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('--')) continue;
    const equals = arg.indexOf('=');
    const flag = equals < 0 ? arg : arg.slice(0, equals);
    const next = args[at + 1];
    const takesNext = equals < 0 && next !== undefined && !next.startsWith('--');
    if (takesNext) at++;
    const value = equals >= 0 ? arg.slice(equals + 1) : takesNext ? next : undefined;
    if (value !== undefined) values.set(flag, [...(values.get(flag) ?? []), value]);
  }
  return values;
}

/** Reads the JSON, or `@` and the path of a file that holds it: one Linux argument holds less than 128 KiB. */
function readInput(given: string): ExecutorInput {
  let input: Partial<ExecutorInput> | null;
  try {
    const text = given.startsWith('@') ? readFileSync(given.slice(1), 'utf8') : given;
    input = JSON.parse(text) as Partial<ExecutorInput> | null;
  } catch (thrown) {
    throw malformed(
      `--executor_input is no JSON: ${messageOf(thrown)}`,
      "the launcher puts it in the place of {{$}}; where a template takes a value with quotes or line ends, KFP's own puts " +
        'that in as it is: give such a value to the component by itself, and put the text together there',
    );
  }
  // Proto JSON leaves empty messages out.
  const { inputs = {}, outputs } = input ?? {};
  if (typeof outputs?.outputFile !== 'string')
    throw malformed('--executor_input has no outputs.outputFile', 'pass the ExecutorInput that KFP defines');
  return { inputs, outputs };
}

function malformed(problem: string, fix: string): UserError {
  return new UserError('FER6007', { problem, fix });
}
