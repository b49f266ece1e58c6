/** What a pipeline's function sees of values that exist only when the pipeline runs. */
import type { PortType } from '../interfaces/component-interface.ts';
import type { Templates } from './template.ts';
import type { TracedTask } from './traced-task.ts';

/** Where a Ref's value comes from. A broken one stands for something already reported. */
export type RefSource =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'output'; readonly task: TracedTask; readonly name: string }
  | { readonly kind: 'broken' };

/** Told of a Ref that is used as if it were its value. */
export type Misuse = (ref: RefObject, how: string) => void;

export class RefObject {
  readonly source: RefSource;
  readonly type: PortType | undefined;
  /** The texts of the pipeline it belongs to. */
  readonly owner: Templates;
  readonly #misuse: Misuse;

  constructor(source: RefSource, type: PortType | undefined, owner: Templates, misuse: Misuse) {
    this.source = source;
    this.type = type;
    this.owner = owner;
    this.#misuse = misuse;
  }

  toString(): string {
    return this.owner.sentinel(this);
  }

  [Symbol.toPrimitive](hint: 'string' | 'number' | 'default'): string {
    if (hint !== 'string') this.#misuse(this, hint === 'number' ? 'arithmetic' : '+');
    return this.owner.sentinel(this);
  }

  [Symbol.iterator](): Iterator<never> {
    this.#misuse(this, 'a loop or spread');
    return [].values();
  }

  toJSON(): string {
    this.#misuse(this, 'JSON.stringify');
    return this.owner.sentinel(this);
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
