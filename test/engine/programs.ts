/** Random programs of loops, branches and failures: what they mean, and the spec that says the same. */
import * as fc from 'fast-check';
import {
  digestOf,
  writeIdentityArgs,
  type CompiledPipeline,
  type ComponentSpec,
  type DagSpec,
  type ExecutorSpec,
  type TaskInputParameter,
  type TaskSpec,
} from '../../spec/index.ts';
import { Fails, type Body, type Call } from './memory.ts';

/** A value is a number, or a list of values. */
export type Value = number | readonly Value[];

/** Each names what it gives by its place; what it reads are choices among what is there. */
type Statement =
  | {
      readonly kind: 'work';
      readonly salt: number;
      readonly reads: readonly number[];
      readonly fails: boolean;
    }
  | {
      readonly kind: 'loop';
      /** Items as they are, or as many as a number says. */
      readonly items: readonly number[] | { readonly upto: number };
      readonly limit: number;
      readonly body: Block;
    }
  | {
      readonly kind: 'branch';
      readonly reads: number;
      readonly above: number;
      readonly yes: Block;
      readonly no: Block;
    }
  /** A component that is looped over by itself. */
  | { readonly kind: 'map'; readonly items: readonly number[]; readonly salt: number }
  /** Runs or not, and gives nothing. */
  | { readonly kind: 'maybe'; readonly reads: number; readonly above: number; readonly body: Block };

/** Gives what its last statement that gives something gives. */
export type Block = readonly Statement[];

const small = fc.nat({ max: 5 });

const { block } = fc.letrec<{ statement: Statement; block: Block }>((tie) => ({
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('work' as const),
      salt: fc.nat({ max: 2 }),
      reads: fc.array(small, { maxLength: 2 }),
      fails: fc.integer({ min: 0, max: 11 }).map((n) => n === 11),
    }),
    fc.record({
      kind: fc.constant('loop' as const),
      items: fc.oneof(fc.array(fc.nat({ max: 2 }), { maxLength: 3 }), fc.record({ upto: small })),
      limit: fc.nat({ max: 2 }),
      body: tie('block'),
    }),
    fc.record({
      kind: fc.constant('branch' as const),
      reads: small,
      above: small,
      yes: tie('block'),
      no: tie('block'),
    }),
    fc.record({
      kind: fc.constant('map' as const),
      items: fc.array(fc.nat({ max: 2 }), { maxLength: 3 }),
      salt: fc.nat({ max: 2 }),
    }),
    fc.record({ kind: fc.constant('maybe' as const), reads: small, above: small, body: tie('block') }),
  ),
  block: fc.array(tie('statement'), { minLength: 1, maxLength: 3, depthIdentifier: 'block' }),
}));

export const program: fc.Arbitrary<Block> = block;

function sumOf(value: Value): number {
  return typeof value === 'number' ? value : value.map(sumOf).reduce((all, one) => all + one, 0);
}

/** What a work gives. */
function worked(salt: number, read: readonly Value[]): number {
  return (salt + read.map(sumOf).reduce((all, one) => 3 * all + one, 1)) % 7;
}

function choose<T>(from: readonly T[], at: number): T {
  const chosen = from[at % from.length];
  if (chosen === undefined) throw new Error('there is nothing to choose from');
  return chosen;
}

/** What a program comes to: what its tasks gave, by path, and whether one failed. */
export interface Meaning {
  readonly gave: ReadonlyMap<string, Value>;
  readonly failed: boolean;
  /** What the whole gives; undefined where nothing, or where that failed. */
  readonly result: Value | undefined;
}

/** A value that never came: what makes it failed, or was kept from running by what did. */
const lost = Symbol('lost');
type Seen = Value | typeof lost;

interface Outcome {
  readonly failed: boolean;
  readonly value: Seen | undefined;
}

/** Interprets a program, one statement after the other. */
export function meaningOf(root: Block): Meaning {
  const gave = new Map<string, Value>();
  const made = (path: string, value: Value): Value => {
    gave.set(path, value);
    return value;
  };
  const run = (statements: Block, path: string, visible: readonly Seen[]): Outcome => {
    const here: Seen[] = [...visible];
    let failed = false;
    let last: Seen | undefined;
    const note = (outcome: Outcome, gives: boolean): void => {
      if (outcome.failed) failed = true;
      if (!gives) return;
      last = outcome.failed ? lost : (outcome.value ?? lost);
      here.push(last);
    };
    for (const [index, statement] of statements.entries())
      note(one(statement, `${path}s${index}`, here), givesOne(statement));
    return { failed, value: last };
  };
  const one = (statement: Statement, name: string, here: readonly Seen[]): Outcome => {
    const skipped = { failed: false, value: lost } as const;
    switch (statement.kind) {
      case 'work': {
        const read = statement.reads.map((at) => choose(here, at));
        if (!areThere(read)) return skipped;
        if (statement.fails) return { failed: true, value: lost };
        return { failed: false, value: made(name, worked(statement.salt, read)) };
      }
      case 'map': {
        const { items, salt } = statement;
        const each = items.map((item, at) => made(`${name}/${at}`, worked(salt, [item])));
        return { failed: false, value: each };
      }
      case 'loop': {
        const { items, body } = statement;
        const upto = 'upto' in items ? choose(here, items.upto) : undefined;
        if (upto === lost) return skipped;
        const list = 'upto' in items ? upTo(upto ?? 0) : items;
        if ('upto' in items) made(`${name}-items`, list);
        if (!areThere(here)) return skipped;
        const each = list.map((item, at) => run(body, `${name}/${at}/`, [...here, item]));
        const values = each.map(({ value }) => value).filter((value) => value !== undefined);
        return { failed: each.some((turn) => turn.failed), value: areThere(values) ? values : lost };
      }
      case 'branch':
      case 'maybe': {
        const read = choose(here, statement.reads);
        if (read === lost) return skipped;
        const yes = Number(made(`${name}-sum`, sumOf(read))) > statement.above;
        if (!areThere(here)) return skipped;
        if (statement.kind === 'branch')
          return run(yes ? statement.yes : statement.no, `${name}/${yes ? 'yes' : 'no'}/`, here);
        return yes ? run(statement.body, `${name}/`, here) : { failed: false, value: undefined };
      }
    }
  };
  const { failed, value } = run(root, '', [1]);
  return { gave, failed, result: value === lost ? undefined : value };
}

function areThere(values: readonly Seen[]): values is readonly Value[] {
  return !values.includes(lost);
}

/** Whether a block, or a statement, gives a value, whichever way it goes. */
function gives(statements: Block): boolean {
  return statements.some(givesOne);
}

function givesOne(statement: Statement): boolean {
  switch (statement.kind) {
    case 'work':
    case 'map':
      return true;
    case 'loop':
      return gives(statement.body);
    case 'branch':
      return gives(statement.yes) && gives(statement.no);
    case 'maybe':
      return false;
  }
}

function upTo(value: Value): number[] {
  return Array.from({ length: sumOf(value) % 4 }, (_, index) => index);
}

/** The components of these programs. */
export const programBodies: Readonly<Record<string, Body>> = {
  work({ parameters }: Call) {
    const { salt, fails, ...rest } = parameters;
    if (fails === true) throw new Fails('as it should', false);
    const read = Object.keys(rest)
      .sort()
      .map((name) => rest[name] as Value);
    return { Output: worked(Number(salt), read) };
  },
  range: ({ parameters }: Call) => ({ Output: upTo(parameters['n'] as Value) }),
  sum: ({ parameters }: Call) => ({ Output: sumOf(parameters['x'] as Value) }),
  last: () => ({}),
};

/** Compiles a program; its last value is the output `result`, and a task `last` runs after all, whatever happened. */
export function compiledProgram(root: Block): CompiledPipeline {
  const components: Record<string, ComponentSpec> = {
    'comp-work': { executorLabel: 'work', outputDefinitions: { parameters: integer } },
    'comp-range': { executorLabel: 'range', outputDefinitions: { parameters: list } },
    'comp-sum': { executorLabel: 'sum', outputDefinitions: { parameters: integer } },
    'comp-last': { executorLabel: 'last' },
  };
  const add = (component: ComponentSpec): { readonly name: string } => {
    const name = `comp-${Object.keys(components).length}`;
    components[name] = component;
    return { name };
  };
  /** Where each visible value comes from in this scope, and how to hand them all on. */
  const dagOf = (statements: Block, visible: readonly TaskInputParameter[]): DagSpec => {
    const here = [...visible];
    const tasks: Record<string, TaskSpec> = {};
    let result: string | undefined;
    const all = (): Record<string, TaskInputParameter> =>
      Object.fromEntries(here.map((source, at) => [`v${at}`, source]));
    /** The same values, as the group around a block sees them. */
    const inside = (): TaskInputParameter[] => here.map((_, at) => ({ componentInputParameter: `v${at}` }));
    const task = (
      name: string,
      component: string,
      inputs: Record<string, TaskInputParameter>,
      more: Partial<TaskSpec> = {},
    ) => {
      tasks[name] = {
        taskInfo: { name },
        componentRef: { name: component },
        cachingOptions: { enableCache: true },
        inputs: { parameters: inputs },
        ...more,
      };
    };
    const give = (name: string): void => {
      here.push({ taskOutputParameter: { producerTask: name, outputParameterKey: 'Output' } });
      result = name;
    };
    const group = (body: Block, at: readonly TaskInputParameter[]): ComponentSpec => {
      const dag = dagOf(body, at);
      return { dag, ...(dag.outputs && { outputDefinitions: { parameters: list } }) };
    };
    for (const [index, statement] of statements.entries()) {
      const name = `s${index}`;
      switch (statement.kind) {
        case 'work': {
          const reads = statement.reads.map((at, order) => [`r${order}`, choose(here, at)] as const);
          task(name, 'comp-work', {
            ...Object.fromEntries(reads),
            salt: constant(statement.salt),
            fails: constant(statement.fails),
          });
          break;
        }
        case 'map':
          task(
            name,
            'comp-work',
            { salt: constant(statement.salt) },
            {
              parameterIterator: { itemInput: 'r0', items: { raw: JSON.stringify(statement.items) } },
            },
          );
          break;
        case 'loop': {
          const { items, limit } = statement;
          const asInput = 'upto' in items;
          if (asInput) task(`${name}-items`, 'comp-range', { n: choose(here, items.upto) });
          const made = {
            taskOutputParameter: { producerTask: `${name}-items`, outputParameterKey: 'Output' },
          };
          const body = group(statement.body, [...inside(), { componentInputParameter: 'item' }]);
          task(
            name,
            add(body).name,
            { ...all(), ...(asInput && { items: made }) },
            {
              parameterIterator: {
                itemInput: 'item',
                items: asInput ? { inputParameter: 'items' } : { raw: JSON.stringify(items) },
              },
              ...(limit > 0 && { iteratorPolicy: { parallelismLimit: limit } }),
            },
          );
          break;
        }
        case 'branch':
        case 'maybe': {
          task(`${name}-sum`, 'comp-sum', { x: choose(here, statement.reads) });
          const sum = { taskOutputParameter: { producerTask: `${name}-sum`, outputParameterKey: 'Output' } };
          const above = `int(inputs.parameter_values['c']) > ${statement.above}`;
          if (statement.kind === 'maybe') {
            const inputs = { ...all(), c: sum };
            task(name, add(group(statement.body, inside())).name, inputs, {
              triggerPolicy: { condition: above },
            });
            break;
          }
          const handed = {
            c: { componentInputParameter: 'c' },
            ...Object.fromEntries(inside().map((source, at) => [`v${at}`, source])),
          };
          const branch = (body: Block, branchName: string, condition: string): TaskSpec => ({
            taskInfo: { name: branchName },
            componentRef: add(group(body, inside())),
            inputs: { parameters: handed },
            triggerPolicy: { condition },
          });
          const outputs = ['yes', 'no'].map((producerSubtask) => ({
            producerSubtask,
            outputParameterKey: 'Output',
          }));
          const dag: DagSpec = {
            tasks: {
              yes: branch(statement.yes, 'yes', above),
              no: branch(statement.no, 'no', `!(${above})`),
            },
            ...(givesOne(statement) && {
              outputs: { parameters: { Output: { valueFromOneof: { parameterSelectors: outputs } } } },
            }),
          };
          const component = { dag, ...(givesOne(statement) && { outputDefinitions: { parameters: list } }) };
          task(name, add(component).name, { ...all(), c: sum });
        }
      }
      if (givesOne(statement)) give(name);
    }
    return {
      tasks,
      ...(result !== undefined && {
        outputs: {
          parameters: {
            Output: { valueFromParameter: { producerSubtask: result, outputParameterKey: 'Output' } },
          },
        },
      }),
    };
  };
  components['comp-exit-handler-1'] = {
    dag: dagOf(root, [constant(1)]),
    ...(gives(root) && { outputDefinitions: { parameters: list } }),
  };
  const output = { valueFromParameter: { producerSubtask: 'exit-handler-1', outputParameterKey: 'Output' } };
  return {
    spec: {
      pipelineInfo: { name: 'program' },
      schemaVersion: '2.1.0',
      components,
      deploymentSpec: {
        executors: Object.fromEntries(['work', 'range', 'sum', 'last'].map((name) => [name, executor(name)])),
      },
      root: {
        dag: {
          tasks: {
            'exit-handler-1': { taskInfo: { name: 'body' }, componentRef: { name: 'comp-exit-handler-1' } },
            last: {
              taskInfo: { name: 'last' },
              componentRef: { name: 'comp-last' },
              cachingOptions: { enableCache: true },
              dependentTasks: ['exit-handler-1'],
              triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' },
            },
          },
          ...(gives(root) && { outputs: { parameters: { Output: output } } }),
        },
      },
    },
  };
}

const integer = { Output: { parameterType: 'NUMBER_INTEGER' } } as const;
const list = { Output: { parameterType: 'LIST' } } as const;

function constant(value: number | boolean): TaskInputParameter {
  return { runtimeValue: { constant: value } };
}

function executor(name: string): ExecutorSpec {
  const identity = {
    function: name,
    code: digestOf(name),
    reads: [],
    vary: [],
    isolate: false,
    secretEnv: [],
  };
  return {
    container: { image: 'test', command: ['node', '/ferrule/run.mjs'], args: writeIdentityArgs(identity) },
  };
}
