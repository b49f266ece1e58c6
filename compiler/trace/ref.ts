/** What a pipeline's function sees of values that exist only when the pipeline runs. */
import type { PortType } from '../interfaces/component-interface.ts';
import type { TracedTask } from './traced-task.ts';

/** Where a Ref's value comes from. A broken one stands for something already reported. */
export type RefSource =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'output'; readonly task: TracedTask; readonly name: string }
  | { readonly kind: 'broken' };

/** Told of a Ref that is used as if it were its value. */
export type Misuse = (ref: RefObject, how: string) => void;

/** Gives the text that stands for a Ref in a template. */
export type Sentinel = (ref: RefObject) => string;

export class RefObject {
  readonly source: RefSource;
  readonly type: PortType | undefined;
  readonly #misuse: Misuse;
  readonly #sentinel: Sentinel;

  constructor(source: RefSource, type: PortType | undefined, misuse: Misuse, sentinel: Sentinel) {
    this.source = source;
    this.type = type;
    this.#misuse = misuse;
    this.#sentinel = sentinel;
  }

  toString(): string {
    return this.#sentinel(this);
  }

  [Symbol.toPrimitive](hint: 'string' | 'number' | 'default'): string {
    if (hint !== 'string') this.#misuse(this, hint === 'number' ? 'arithmetic' : '+');
    return this.#sentinel(this);
  }

  [Symbol.iterator](): Iterator<never> {
    this.#misuse(this, 'a loop or spread');
    return [].values();
  }

  toJSON(): string {
    this.#misuse(this, 'JSON.stringify');
    return this.#sentinel(this);
  }
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
