/** What a message of KFP's proto files is made of, as data. */

export type ScalarKind =
  | 'string'
  | 'bool'
  | 'int32'
  | 'double'
  /** A whole number, as a text or as a number. */
  | 'int64'
  /** Seconds, such as `30s`. */
  | 'duration'
  /** Any JSON value. */
  | 'value'
  /** Any JSON object. */
  | 'object';

export type Kind =
  | ScalarKind
  /** An enumeration: its names, in the order of their numbers. */
  | { readonly oneOfTexts: readonly string[] }
  | { readonly message: string }
  | { readonly mapOf: Kind }
  | { readonly listOf: Kind }
  /** A message that travels as a plain JSON object: nothing in it may be written another way. */
  | { readonly structOf: string };

export interface Message {
  readonly fields: Readonly<Record<string, Kind>>;
  readonly required?: readonly string[];
  /** At most one of each group may be set. */
  readonly exclusive?: readonly (readonly string[])[];
  /** Scalars that are set even where they are empty, zero or false; those of `exclusive` are, too. */
  readonly explicit?: readonly string[];
  /** Fields that kfp 2.17 does not know: of a newer or older KFP. */
  readonly beyond?: readonly string[];
}

export type Messages = Readonly<Record<string, Message>>;

export const strings: Kind = { listOf: 'string' };
export const message = (name: string): Kind => ({ message: name });
export const mapOf = (name: string): Kind => ({ mapOf: message(name) });
export const listOf = (name: string): Kind => ({ listOf: message(name) });
