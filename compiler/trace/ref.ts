/** What a pipeline's function sees of values that exist only when the pipeline runs. */
import type { PortType } from '../interfaces/component-interface.ts';
import type { Templates } from './template.ts';
import type { TracedTask } from './traced-task.ts';

/** Where a Ref's value comes from. A broken one stands for something already reported. */
export type RefSource =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'output'; readonly task: TracedTask; readonly name: string }
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
 * Makes the handle of a Ref: a thing that can be passed on and put in a text. Whatever else is asked of it is a misuse,
 * after which it answers with a handle that is broken, so that the function goes on.
 */
export function handleOf(ref: RefObject, misuse: Misuse): object {
  const handle = new Proxy(ref.source.kind === 'broken' ? () => undefined : {}, {
    get: (_, name) => memberOf(ref, name, misuse),
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
  return handleOf({ ...ref, source: { kind: 'broken' } }, misuse);
}

/** Tells a Ref in words: `the parameter "epochs"`, `the output "model" of "train"`. */
export function refText(ref: RefObject): string {
  switch (ref.source.kind) {
    case 'parameter':
      return `the parameter "${ref.source.name}"`;
    case 'output':
      return `the output "${ref.source.name}" of "${ref.source.task.name}"`;
    case 'broken':
      return 'a value';
  }
}
