/** Options whose values may be Refs: what a run decides. */
import { typeText } from '../interfaces/value-type.ts';
import { refOf, refText, type RefObject } from '../trace/ref.ts';
import { holdsRef, type TemplatePart, type Templates } from '../trace/template.ts';
import type { OptionReader } from './option-reader.ts';

/** What a Ref must refer to. */
export type GivenKind = 'text' | 'number' | 'object' | 'list';

/** A setting that is a text, one that the run decides as a whole, or one with Refs inside. */
export type TextSetting = string | RefObject | { readonly parts: readonly TemplatePart[] };

/** Takes a setting apart into texts and Refs. */
export function partsOf(setting: TextSetting): readonly TemplatePart[] {
  return typeof setting === 'object' && 'parts' in setting ? setting.parts : [setting];
}

/** Reads Refs in the options of one task; of a component, whose options are constants, none pass. */
export class RefReader {
  readonly #templates: Templates | undefined;

  /** @param templates the texts of the pipeline that the task is in */
  constructor(templates?: Templates) {
    this.#templates = templates;
  }

  /** End of a fix: a Ref would do, too, where one may be passed. */
  get hint(): string {
    return this.#templates === undefined ? '' : ', or pass a whole Ref';
  }

  /** Reads a text or a Ref to one. An empty text is a fault. */
  text(reader: OptionReader, option: string): string | RefObject | undefined {
    const value = reader.get(option);
    const ref = this.given(reader, option, ['text']);
    if (ref !== undefined || value === undefined) return ref;
    if (typeof value === 'string' && value !== '' && !holdsRef(value)) return value;
    if (this.isRef(value)) return undefined;
    if (typeof value === 'string' && holdsRef(value))
      reader.fault(
        option,
        'is a text with a Ref inside, of which KFP takes the Ref alone',
        'make the whole text a parameter, or the output of a component, and pass that',
      );
    else reader.fault(option, 'must be a text that is not empty', `write the text${this.hint}`);
    return undefined;
  }

  /** Reads a text in which Refs may stand: of texts and numbers, which are written as text. */
  template(reader: OptionReader, option: string): TextSetting | undefined {
    const value = reader.get(option);
    const parts = typeof value === 'string' ? this.#templates?.parts(value) : undefined;
    if (parts === undefined || parts.length < 2) return this.text(reader, option);
    const others = parts.filter((part) => typeof part === 'object');
    for (const { type } of others)
      if (type !== undefined && !fits({ type }, 'text') && !fits({ type }, 'number')) {
        reader.fault(option, `has a Ref inside of the type ${typeText(type)}`, 'put in texts and numbers');
        return undefined;
      }
    return { parts };
  }

  /** Reads a Ref of some kinds; undefined for any other value. One of another kind is reported. */
  given(reader: OptionReader, option: string, kinds: readonly GivenKind[]): RefObject | undefined {
    const ref = this.#refIn(reader.get(option));
    if (ref === undefined) return undefined;
    if (ref.owner !== this.#templates) {
      reader.fault(option, `is ${refText(ref)}, of another pipeline`, 'make it a parameter of this one');
      return undefined;
    }
    if (ref.type === undefined || kinds.some((kind) => fits(ref, kind))) return ref;
    reader.fault(
      option,
      `is ${refText(ref)}, which is of the type ${typeText(ref.type)}`,
      `pass a Ref to ${kinds.map((kind) => words[kind]).join(' or ')}`,
    );
    return undefined;
  }

  /** Whether a value is a Ref, of whatever kind. */
  isRef(value: unknown): boolean {
    return this.#refIn(value) !== undefined;
  }

  /** A template text of one Ref and nothing else is that Ref. */
  #refIn(value: unknown): RefObject | undefined {
    const ref = refOf(value);
    if (ref !== undefined || typeof value !== 'string') return ref;
    const [only, ...others] = this.#templates?.parts(value) ?? [];
    return typeof only === 'object' && others.length === 0 ? only : undefined;
  }
}

const words: Readonly<Record<GivenKind, string>> = {
  text: 'a text',
  number: 'a number',
  object: 'an object',
  list: 'a list',
};

function fits({ type }: Pick<RefObject, 'type'>, kind: GivenKind): boolean {
  switch (type?.kind) {
    case 'string':
    case 'choice':
      return kind === 'text';
    case 'number':
    case 'integer':
      return kind === 'number';
    case 'struct':
      return kind === 'object';
    case 'list':
      return kind === 'list';
    case 'any':
      return kind === 'object' || kind === 'list';
    default:
      return false;
  }
}
