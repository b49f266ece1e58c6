/** Makes a plan of a description, held against the pipeline: everything that can be wrong is found before anything runs. */
import { UserError, UserErrors, type Location } from '../errors/index.ts';
import { hasParameterType, type JsonValue, type ParameterType, type PipelineSpec } from '../spec/index.ts';
import type { DimensionDescription, SweepDescription } from './description.ts';
import { gridConfigurations, gridSize } from './methods/grid-search.ts';
import { metricProblem } from './metric.ts';
import type { EarlyStopping, Halving, SweepPlan } from './plan.ts';
import { keyOf, type ChoiceDimension, type Dimension, type SearchedParameter } from './space.ts';

export interface PlanParts {
  readonly description: SweepDescription;
  readonly spec: PipelineSpec;
  /** Parameters that the command line gives for all trials. */
  readonly fixed: Readonly<Record<string, JsonValue>>;
  readonly placeOf: (path: readonly (string | number)[]) => Location | undefined;
}

/** Trials of a sweep where nobody says how many. */
const defaultTrials = 20;
/** A grid of more is a mistake. */
const largestGrid = 10_000;

/**
 * Makes the plan.
 * @throws UserErrors FER9102 and FER9103, with all that does not fit
 */
export function makePlan({ description, spec, fixed, placeOf }: PlanParts): SweepPlan {
  const errors: UserError[] = [];
  const wrong = (path: readonly (string | number)[], problem: string, fix: string): void => {
    const at = placeOf(path);
    errors.push(new UserError('FER9102', { problem, fix, ...(at !== undefined && { at }) }));
  };
  const definitions = spec.root.inputDefinitions?.parameters ?? {};
  const names = Object.keys(definitions);
  const same: Record<string, JsonValue> = { ...fixed };
  const searched: SearchedParameter[] = [];
  for (const [name, given] of Object.entries(description.parameters)) {
    const path = ['parameters', name];
    const type = Object.hasOwn(definitions, name) ? definitions[name]?.parameterType : undefined;
    if (type === undefined) {
      wrong(
        path,
        `the pipeline has no parameter "${name}"`,
        names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`,
      );
      continue;
    }
    if (Object.hasOwn(fixed, name)) {
      wrong(path, `the parameter "${name}" is searched, and given a value too`, 'leave out one of the two');
      continue;
    }
    const read = dimensionOf(given, type);
    if (read.kind === 'wrong') wrong(path, `the parameter "${name}" ${read.problem}`, read.fix);
    else if (read.kind === 'fixed') same[name] = read.value;
    else
      searched.push({ name, dimension: read.dimension, ...(read.when !== undefined && { when: read.when }) });
  }
  const space = orderedByCondition(searched, (name, problem, fix) =>
    wrong(['parameters', name, 'when'], problem, fix),
  );
  if (searched.length === 0 && errors.length === 0)
    wrong(
      ['parameters'],
      'the sweep searches no parameter',
      'name one: --search learning_rate=log:1e-4..1e-1',
    );
  for (const [name, definition] of Object.entries(definitions)) {
    const given =
      Object.hasOwn(same, name) ||
      Object.hasOwn(description.parameters, name) ||
      description.halving?.resource === name;
    if (given || definition.defaultValue !== undefined || definition.isOptional === true) continue;
    wrong(
      ['parameters'],
      `the parameter "${name}" has no default, and gets no value`,
      `search it, or pass --param ${name}=VALUE`,
    );
  }
  const halving = halvingOf(description, definitions, same, wrong);
  const bad = metricProblem(spec, description.metric.from);
  if (bad !== undefined) {
    const at = placeOf(['metric', 'from']);
    errors.push(new UserError('FER9103', { ...bad, ...(at !== undefined && { at }) }));
  }
  const goal = description.metric.goal ?? 'maximize';
  const early = earlyOf(description, goal, spec, wrong);
  const method = description.method ?? 'tpe';
  const grid = method === 'grid' && errors.length === 0 ? gridSize(space) : 0;
  if (grid > largestGrid)
    wrong(
      ['parameters'],
      `the grid has ${grid} trials`,
      'give ranges fewer points: {uniform: [0, 1], points: 5}, or another method',
    );
  if (errors.length > 0) throw new UserErrors(errors);
  const { budget, stop, seed, retries } = description;
  const whole = method === 'grid' ? gridConfigurations(space).length : defaultTrials;
  const time = secondsOf(budget?.time);
  return {
    method,
    metric: { from: description.metric.from, goal },
    space,
    fixed: same,
    seed: seed ?? 0,
    trials: method === 'grid' ? Math.min(whole, budget?.trials ?? whole) : (budget?.trials ?? whole),
    parallel: budget?.parallel ?? 1,
    ...(time !== undefined && { time }),
    ...(stop?.target !== undefined && { target: stop.target }),
    ...(stop?.patience !== undefined && { patience: stop.patience }),
    ...(early !== undefined && { early }),
    ...(halving !== undefined && { halving }),
    retries: retries ?? 0,
  };
}

type ReadDimension =
  | { readonly kind: 'searched'; readonly dimension: Dimension; readonly when?: SearchedParameter['when'] }
  | { readonly kind: 'fixed'; readonly value: JsonValue }
  | { readonly kind: 'wrong'; readonly problem: string; readonly fix: string };

function dimensionOf(given: DimensionDescription, type: ParameterType): ReadDimension {
  if (typeof given !== 'object') return fixedOf(given, type);
  if (Array.isArray(given)) return choiceOf(given, type, undefined);
  if ('fixed' in given) return fixedOf(given.fixed, type);
  const when = given.when === undefined ? undefined : conditionOf(given.when);
  if ('choice' in given) return choiceOf(given.choice, type, when);
  const whole = 'int' in given || type === 'NUMBER_INTEGER';
  const log = 'log-uniform' in given || ('int' in given && given.log === true);
  const [low, high] = 'int' in given ? given.int : 'uniform' in given ? given.uniform : given['log-uniform'];
  const fails = (problem: string, fix: string): ReadDimension => ({ kind: 'wrong', problem, fix });
  if (type !== 'NUMBER_INTEGER' && type !== 'NUMBER_DOUBLE')
    return fails(`is a ${type}, and has no range of numbers`, 'give its values: choice: [...]');
  if (!(low <= high)) return fails(`has the range ${low} to ${high}`, 'write the lower end first');
  if (log && low <= 0)
    return fails(`is searched by ratios from ${low} on`, 'start above 0, or leave out log');
  if (whole && !(Number.isSafeInteger(low) && Number.isSafeInteger(high)))
    return fails(`takes whole numbers, and has the range ${low} to ${high}`, 'write whole numbers');
  const { points } = given;
  const shared = { low, high, log, ...(points !== undefined && { points }) };
  const dimension: Dimension = whole ? { kind: 'integer', ...shared } : { kind: 'number', ...shared };
  return { kind: 'searched', dimension, ...(when !== undefined && { when }) };
}

function fixedOf(value: JsonValue, type: ParameterType): ReadDimension {
  if (hasParameterType(value, type)) return { kind: 'fixed', value };
  return {
    kind: 'wrong',
    problem: `takes a ${type}, and is given ${JSON.stringify(value)}`,
    fix: `give a ${type}`,
  };
}

function choiceOf(
  values: readonly JsonValue[],
  type: ParameterType,
  when: SearchedParameter['when'],
): ReadDimension {
  const misfit = values.find((value) => !hasParameterType(value, type));
  if (misfit !== undefined)
    return {
      kind: 'wrong',
      problem: `takes a ${type}, and ${JSON.stringify(misfit)} is none`,
      fix: 'give values of its type',
    };
  const dimension: ChoiceDimension = {
    kind: 'choice',
    values: [...new Map(values.map((value) => [keyOf(value), value])).values()],
  };
  return { kind: 'searched', dimension, ...(when !== undefined && { when }) };
}

function conditionOf(
  when: Readonly<Record<string, JsonValue>>,
): Readonly<Record<string, readonly JsonValue[]>> {
  return Object.fromEntries(
    Object.entries(when).map(([name, value]): [string, readonly JsonValue[]] => [
      name,
      Array.isArray(value) ? value : [value],
    ]),
  );
}

/** Puts parameters behind those that their conditions name. */
function orderedByCondition(
  searched: readonly SearchedParameter[],
  wrong: (name: string, problem: string, fix: string) => void,
): readonly SearchedParameter[] {
  const names = new Set(searched.map(({ name }) => name));
  const placed: SearchedParameter[] = [];
  let left = [...searched];
  while (left.length > 0) {
    const there = new Set(placed.map(({ name }) => name));
    const ready = left.filter(({ when }) =>
      Object.keys(when ?? {}).every((name) => there.has(name) || !names.has(name)),
    );
    if (ready.length === 0) {
      wrong(
        left[0]?.name ?? '',
        'conditions of parameters wait for each other',
        'let one of them be searched without',
      );
      return searched;
    }
    for (const { name, when } of ready)
      for (const other of Object.keys(when ?? {}))
        if (!names.has(other))
          wrong(
            name,
            `the parameter "${name}" hangs on "${other}", which is not searched`,
            `it may name ${[...names].join(', ')}`,
          );
    placed.push(...ready);
    left = left.filter((one) => !ready.includes(one));
  }
  return placed;
}

type Wrong = (path: readonly (string | number)[], problem: string, fix: string) => void;
type Definitions = NonNullable<NonNullable<PipelineSpec['root']['inputDefinitions']>['parameters']>;

function halvingOf(
  { halving, parameters, method }: SweepDescription,
  definitions: Definitions,
  same: Readonly<Record<string, JsonValue>>,
  wrong: Wrong,
): Halving | undefined {
  if (halving === undefined) return undefined;
  const { resource, min, max, eta = 3 } = halving;
  const path = ['halving', 'resource'];
  const type = Object.hasOwn(definitions, resource) ? definitions[resource]?.parameterType : undefined;
  if (method === 'grid') wrong(['halving'], 'a grid cannot be halved', 'use the method tpe or random');
  if (type !== 'NUMBER_INTEGER' && type !== 'NUMBER_DOUBLE')
    wrong(
      path,
      `the pipeline has no parameter "${resource}" that is a number`,
      `it has ${Object.keys(definitions).join(', ')}`,
    );
  if (Object.hasOwn(parameters, resource) || Object.hasOwn(same, resource))
    wrong(
      path,
      `"${resource}" is what trials get more of, and is given a value too`,
      'leave it out of the parameters',
    );
  if (!(min < max))
    wrong(['halving', 'min'], `halving goes from ${min} to ${max}`, 'write the smaller amount first');
  const rungs: number[] = [];
  const whole = type === 'NUMBER_INTEGER';
  for (let amount = min; amount < max && rungs.length < 30; amount *= eta)
    rungs.push(whole ? Math.round(amount) : amount);
  // The last rung takes the place of one that is nearly as high.
  const last = rungs.at(-1);
  if (last !== undefined && rungs.length > 1 && max / last < Math.sqrt(eta)) rungs.pop();
  return { resource, rungs: [...new Set([...rungs, max])], eta };
}

function earlyOf(
  description: SweepDescription,
  goal: SweepPlan['metric']['goal'],
  spec: PipelineSpec,
  wrong: Wrong,
): EarlyStopping | undefined {
  const given = description['early-stopping'];
  if (given === undefined) return undefined;
  const { rule = 'median', from, 'from-step': fromStep, trials, eta = 3 } = given;
  const task = from.slice(0, Math.max(0, from.indexOf('.')));
  if (task === '' || (!task.includes('/') && !Object.hasOwn(spec.root.dag?.tasks ?? {}, task)))
    wrong(
      ['early-stopping', 'from'],
      `"${from}" names no figure that a task of the pipeline reports`,
      `write TASK.FIGURE, with one of the tasks ${Object.keys(spec.root.dag?.tasks ?? {}).join(', ')}`,
    );
  return {
    rule,
    from,
    goal: given.goal ?? goal,
    fromStep: fromStep ?? 1,
    trials: trials ?? (rule === 'median' ? 4 : Math.max(2, Math.ceil(eta) - 1)),
    eta,
  };
}

const unit = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Reads `90s`, `30m`, `2h`, `1d`, or a number of seconds. */
export function secondsOf(time: number | string | undefined): number | undefined {
  if (typeof time !== 'string') return time;
  const [, amount, letter] = /^([\d.]+)\s*([smhd])$/.exec(time) ?? [];
  return (
    Number(amount) * (letter === 's' || letter === 'm' || letter === 'h' || letter === 'd' ? unit[letter] : 1)
  );
}
