/** A component's interface as its source declares it. Plain data: it is kept in the cache. */
import type { JsonValue, ParameterType } from '../../spec/index.ts';

/** The type of a value that travels as a parameter. */
export type ValueType =
  | { readonly kind: 'string' | 'number' | 'integer' | 'boolean' | 'any' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  /** How other tasks ended: a run fills it. */
  | { readonly kind: FilledKind }
  | { readonly kind: 'list'; readonly element: ValueType }
  /** Where `fields` are not known, any object does. */
  | {
      readonly kind: 'struct';
      readonly fields?: Readonly<Record<string, Field>>;
      readonly values?: ValueType;
    };

export interface Field {
  readonly type: ValueType;
  readonly optional: boolean;
}

export interface ArtifactType {
  readonly kind: 'artifact';
  readonly title: string;
  readonly version: string;
  readonly list: boolean;
}

export type PortType = ValueType | ArtifactType;

/** An input or output of a component. */
export interface Port {
  readonly name: string;
  readonly type: PortType;
  readonly optional: boolean;
  /** The constant that the body's pattern gives where the input is left out. */
  readonly default?: JsonValue;
  readonly description?: string;
}

export interface ComponentInterface {
  /** The name the component is exported by. */
  readonly name: string;
  /** Its file, as seen from the project. */
  readonly file: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly description?: string;
}

/** What the run or its platform fills in by itself, and nobody can pass. */
export type FilledKind = 'finalStatus' | 'taskConfig';

/** The types that stand for such values, by the names that Ferrule exports them under. */
export const filledTypes: Readonly<Record<string, FilledKind>> = {
  FinalStatus: 'finalStatus',
  TaskConfig: 'taskConfig',
};

/** Whether a run fills a value of a type. */
export function isFilled(type: PortType): boolean {
  return Object.values(filledTypes).some((kind) => kind === type.kind);
}

/** Tells KFP's type of a value type. */
export function parameterTypeOf(type: ValueType): ParameterType {
  switch (type.kind) {
    case 'string':
    case 'choice':
      return 'STRING';
    case 'number':
      return 'NUMBER_DOUBLE';
    case 'integer':
      return 'NUMBER_INTEGER';
    case 'boolean':
      return 'BOOLEAN';
    case 'list':
      return 'LIST';
    case 'struct':
    case 'any':
      return 'STRUCT';
    case 'finalStatus':
      return 'TASK_FINAL_STATUS';
    case 'taskConfig':
      return 'TASK_CONFIG';
  }
}
