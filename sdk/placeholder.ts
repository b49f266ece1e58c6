/** What a container's command says of values that exist only when its task runs. */
import type { JsonValue } from '../spec/json.ts';
import type { Artifact } from './artifacts.ts';

declare const stands: unique symbol;

/** Stands for a value of the running task: an item of a command, or a part of a template text. */
export interface Placeholder {
  readonly [stands]: 'value';
  toString(): string;
}

/** Stands for an artifact of the running task. It has no text of its own: name one of its fields. */
export interface ArtifactPlaceholder {
  readonly [stands]: 'artifact';
  /** Where its content lies in the pipeline root. */
  readonly uri: Placeholder;
  /** Where its content lies in the container. */
  readonly path: Placeholder;
  /** Its metadata as JSON, or one field of it. */
  metadata(key?: string): Placeholder;
}

/** Stands for the file where the container writes an output parameter. */
export interface OutputFile {
  readonly path: Placeholder;
}

/** Several items as one, or items that depend on whether an input is given. Only as a whole item of a command. */
export interface StructPlaceholder {
  readonly [stands]: 'items';
}

/** What an input may be by default, besides texts and numbers: in the pattern of a container's function alone. */
type OtherDefault = boolean | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** An item of a command: a text, a number, which is written as text, or a placeholder. */
export type CommandItem = string | number | Placeholder | StructPlaceholder | OtherDefault;

/** What a container's function sees of its inputs. A list of artifacts has no fields: it is passed on whole, as JSON. */
export type InputPlaceholders<I> = {
  readonly [K in keyof I]-?: Exclude<I[K], undefined> extends Artifact ? ArtifactPlaceholder : Placeholder;
};

/** What a container's function sees of its outputs. */
export type OutputPlaceholders<O> = {
  readonly [K in keyof O]-?: Exclude<O[K], undefined> extends Artifact ? ArtifactPlaceholder : OutputFile;
};

/** What `concat` and `ifPresent` give back; the compiler writes it as KFP does. */
export type StructItem =
  | { readonly kind: 'concat'; readonly items: readonly CommandItem[] }
  | {
      readonly kind: 'ifPresent';
      readonly input: Placeholder | ArtifactPlaceholder;
      readonly present: CommandItem | readonly CommandItem[];
      readonly absent?: CommandItem | readonly CommandItem[];
    };

/** The compiler's side of a StructPlaceholder. A text made of one is a mistake, which the error says. */
export class StructItemObject {
  readonly item: StructItem;

  constructor(item: StructItem) {
    this.item = item;
  }

  toString(): string {
    throw new TypeError(
      `${this.item.kind}(...) has no text: make it an item of its own, or a part of a concat(...)`,
    );
  }
}

/**
 * Joins items to one item of a command: `concat('--text=', inputs.text)`. A template text does the same where all its
 * parts are always there. KFP's open-source backend does not resolve it; Vertex AI and Ferrule do.
 */
export function concat(...items: readonly CommandItem[]): StructPlaceholder {
  return new StructItemObject({ kind: 'concat', items }) as unknown as StructPlaceholder;
}

/**
 * Takes items into a command where an optional input is given, and others, or none, where it is not:
 * `ifPresent(inputs.label, ['--label', inputs.label])`. Inside `concat` each side is a single item.
 */
export function ifPresent(
  input: Placeholder | ArtifactPlaceholder,
  then: CommandItem | readonly CommandItem[],
  otherwise?: CommandItem | readonly CommandItem[],
): StructPlaceholder {
  return new StructItemObject({
    kind: 'ifPresent',
    input,
    present: then,
    ...(otherwise !== undefined && { absent: otherwise }),
  }) as unknown as StructPlaceholder;
}

/** Stands for all that the task is given, as one JSON text: KFP's ExecutorInput. */
export const executorInput = '{{$}}';
