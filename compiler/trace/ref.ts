/** What a pipeline's function sees of values that exist only when the pipeline runs. */
import type { PortType } from '../interfaces/component-interface.ts';
import type { Templates } from './template.ts';
import type { BranchesGroup, LoopGroup } from './flow/traced-group.ts';
import type { TracedTask } from './traced-task.ts';

/** Where a Ref's value comes from. A broken one stands for something already reported. */
export type RefSource =
  /** `absent` says that a run may be without it. */
  | { readonly kind: 'parameter'; readonly name: string; readonly absent: boolean }
  | { readonly kind: 'output'; readonly task: TracedTask; readonly name: string }
  /** What a loop repeats for. */
  | { readonly kind: 'item'; readonly loop: LoopGroup }
  /** A part of a value that is an object. */
  | { readonly kind: 'field'; readonly of: RefObject; readonly name: string }
  /** What the branch that ran gave; one choice a branch. `index` counts the choices of these branches from 1. */
  | {
      readonly kind: 'oneOf';
      readonly branches: BranchesGroup;
      readonly index: number;
      readonly choices: readonly RefObject[];
    }
  /** What all iterations of a loop gave. */
  | { readonly kind: 'collected'; readonly loop: LoopGroup; readonly of: RefObject }
  | { readonly kind: 'broken' };

/** What the compiler knows of a Ref. The pipeline's function holds its handle. */
export interface RefObject {
  readonly source: RefSource;
  readonly type: PortType | undefined;
  /** The texts of the pipeline it belongs to. */
  readonly owner: Templates;
}

/** Told of a Ref that is used as if it were its value. */
export type Misuse = (ref: RefObject, how: string) => void;

const refs = new WeakMap<object, RefObject>();

/** Finds the Ref behind a handle; undefined for any other value. */
export function refOf(value: unknown): RefObject | undefined {
  return typeof value === 'object' || typeof value === 'function' ? refs.get(value ?? {}) : undefined;
}

/**
 * Makes the handle of a Ref: a thing that can be passed on and put in a text, with a Ref for each field of an object.
 * Whatever else is asked of it is a misuse, after which it answers with a handle that is broken, so that the function
 * goes on.
 */
export function handleOf(ref: RefObject, misuse: Misuse): object {
  const fields = new Map<string, object>();
  const handle = new Proxy(ref.source.kind === 'broken' ? () => undefined : {}, {
    get: (_, name) => {
      const type = typeof name === 'string' ? fieldType(ref, name) : undefined;
      if (type === undefined || typeof name !== 'string') return memberOf(ref, name, misuse);
      let field = fields.get(name);
      if (field === undefined)
        fields.set(
          name,
          (field = handleOf({ ...ref, source: { kind: 'field', of: ref, name }, type }, misuse)),
        );
      return field;
    },
    has: (_, name) => {
      misuse(ref, 'in');
      return typeof name !== 'string';
    },
    ownKeys: () => {
      misuse(ref, 'a loop or spread');
      return [];
    },
    set: (_, name) => {
      misuse(ref, `.${String(name)}`);
      return true;
    },
    apply: () => handle,
    getPrototypeOf: () => null,
  });
  refs.set(handle, ref);
  return handle;
}

/** What a pipeline that is told how tasks ended may look at. */
const statusFields: Readonly<Record<string, PortType>> = {
  state: { kind: 'choice', values: ['SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED'] },
  pipelineTaskName: { kind: 'string' },
  pipelineJobResourceName: { kind: 'string' },
  error: {
    kind: 'struct',
    fields: {
      code: { type: { kind: 'number' }, optional: true },
      message: { type: { kind: 'string' }, optional: true },
    },
  },
};

/** The type of a field that an object is known to have. Of a record any name is one that no object has by itself. */
function fieldType({ type }: RefObject, name: string): PortType | undefined {
  if (type?.kind === 'finalStatus') return statusFields[name];
  if (type?.kind !== 'struct') return undefined;
  if (type.fields !== undefined && Object.hasOwn(type.fields, name)) return type.fields[name]?.type;
  return ['then', 'toJSON', 'toString', 'valueOf', 'constructor'].includes(name) ? undefined : type.values;
}

function memberOf(ref: RefObject, name: string | symbol, misuse: Misuse): unknown {
  const text = (): string => ref.owner.sentinel(ref);
  switch (name) {
    case 'toString':
      return text;
    case Symbol.toPrimitive:
      return (hint: string): string | number => {
        if (hint !== 'string') misuse(ref, hint === 'number' ? 'arithmetic' : '+');
        return hint === 'number' ? 0 : text();
      };
    case Symbol.iterator:
      return () => {
        misuse(ref, 'a loop or spread');
        return [].values();
      };
    case 'toJSON':
      return () => {
        misuse(ref, 'JSON.stringify');
        return text();
      };
    // Whoever is handed a value may ask whether it is a promise.
    case 'then':
      return undefined;
  }
  if (typeof name === 'symbol') return undefined;
  misuse(ref, /^\d+$/.test(name) ? `[${name}]` : `.${name}`);
  return handleOf({ ...ref, source: { kind: 'broken' }, type: undefined }, misuse);
}

/** The Ref that a Ref is a part of, and the names of the fields that lead from it. */
export function wholeOf(ref: RefObject): { readonly whole: RefObject; readonly fields: readonly string[] } {
  const fields: string[] = [];
  let whole = ref;
  for (; whole.source.kind === 'field'; whole = whole.source.of) fields.unshift(whole.source.name);
  return { whole, fields };
}

/** Tells a Ref in words: `the parameter "epochs"`, `the output "model" of "train"`. */
export function refText(ref: RefObject): string {
  const { source } = ref;
  switch (source.kind) {
    case 'parameter':
      return `the parameter "${source.name}"`;
    case 'output':
      return `the output "${source.name}" of "${source.task.name}"`;
    case 'item':
      return 'the item of a loop';
    case 'field':
      return `the field "${source.name}" of ${refText(source.of)}`;
    case 'oneOf':
      return `one of ${refText(source.choices[0] ?? { ...ref, source: { kind: 'broken' } })} and its likes`;
    case 'collected':
      return `the list of ${refText(source.of).replace(/^the /, '')}`;
    case 'broken':
      return 'a value';
  }
}
