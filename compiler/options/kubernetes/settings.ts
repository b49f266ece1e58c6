/** Settings of a pod in the form of KFP's platform spec, with holes where a run decides. */
import type { JsonValue } from '../../../spec/index.ts';
import type { RefObject } from '../../trace/ref.ts';
import type { OptionReader } from '../option-reader.ts';
import type { RefReader } from '../ref-option.ts';

/** Takes the place of a value that a run decides: the lowering says where it comes from. */
export class ParameterHole {
  readonly ref: RefObject;

  constructor(ref: RefObject) {
    this.ref = ref;
  }
}

export type KubernetesValue =
  | JsonValue
  | ParameterHole
  | readonly KubernetesValue[]
  | { readonly [field: string]: KubernetesValue };

/** KFP's KubernetesExecutorConfig, or a message of it, as JSON has it. */
export type KubernetesSettings = Readonly<Record<string, KubernetesValue>>;

/** Lists the Refs in settings. */
export function refsOfKubernetes(value: KubernetesValue): RefObject[] {
  if (value instanceof ParameterHole) return [value.ref];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((field: KubernetesValue) => refsOfKubernetes(field));
}

/** Leaves out what is not given, and empty texts, lists and objects, as KFP's JSON does. */
export function present(fields: Readonly<Record<string, KubernetesValue | undefined>>): KubernetesSettings {
  const kept = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || isEmpty(value) ? [] : [[name, value] as const],
  );
  return Object.fromEntries(kept);
}

function isEmpty(value: KubernetesValue): boolean {
  if (value === '') return true;
  const isComposed = typeof value === 'object' && value !== null && !(value instanceof ParameterHole);
  return isComposed && Object.keys(value).length === 0;
}

/** Writes a name twice where it is constant, as KFP does: in its old field, and in the one that a run may fill. */
export function nameFields(
  reader: OptionReader,
  option: string,
  refs: RefReader,
  fields: { readonly old: string; readonly parameter: string },
): KubernetesSettings {
  const name = refs.text(reader, option);
  if (name === undefined) {
    if (reader.get(option) === undefined) reader.fault(option, 'is missing', `write ${option}: '...'`);
    return {};
  }
  if (typeof name !== 'string') return { [fields.parameter]: new ParameterHole(name) };
  return { [fields.old]: name, [fields.parameter]: { runtimeValue: { constant: name } } };
}

/** Reads a text that must be there. */
export function requiredText(reader: OptionReader, option: string): string {
  const text = reader.text(option);
  if (text === undefined && reader.get(option) !== undefined) return '';
  if (text === undefined || text === '') reader.fault(option, 'is missing', `write ${option}: '...'`);
  return text ?? '';
}

/** Reads the absolute path where something is mounted. */
export function mountPath(reader: OptionReader): string {
  const path = requiredText(reader, 'mountPath');
  if (path !== '' && !path.startsWith('/'))
    reader.fault('mountPath', `is "${path}", which is not absolute`, `write '/${path}'`);
  return path;
}

/** Reads one of some texts. */
export function oneOf(reader: OptionReader, option: string, values: readonly string[]): string | undefined {
  const text = reader.text(option);
  if (text === undefined || values.includes(text)) return text;
  reader.fault(option, `is "${text}"`, `write one of ${values.join(', ')}`);
  return undefined;
}

/** Reads a whole number, 0 or more. */
export function whole(reader: OptionReader, option: string): number | undefined {
  const number = reader.number(option);
  if (number === undefined || (Number.isSafeInteger(number) && number >= 0)) return number;
  reader.fault(option, `is ${number}`, 'write a whole number, 0 or more');
  return undefined;
}

/** Reads labels and annotations. */
export function metadata(reader: OptionReader): KubernetesSettings {
  return present({ labels: reader.textMap('labels'), annotations: reader.textMap('annotations') });
}
