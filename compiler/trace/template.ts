/** Texts with Refs inside: each Ref leaves a sentinel, which must come back whole. */
import type { RefObject } from './ref.ts';

/** Private-use characters around mixed-case letters: cutting, and changing the case, both show. */
const whole = /\uE000fErRuLe(\d+)x(\d+)\uE001/g;
const trace = /[\uE000\uE001]|fErRuLe\d/i;

/** A piece of a template: a text, or the Ref whose value comes in its place. */
export type TemplatePart = string | RefObject;

/** Whether a text holds a Ref, whole or damaged. */
export function holdsRef(text: string): boolean {
  return trace.test(text);
}

let tables = 0;

/** The Refs of one pipeline by their sentinels. Those of another pipeline are not taken for its own. */
export class Templates {
  readonly #table = (tables += 1);
  readonly #refs: RefObject[] = [];
  readonly #indices = new Map<RefObject, number>();

  /** Gives the sentinel of a Ref. */
  readonly sentinel = (ref: RefObject): string => {
    let index = this.#indices.get(ref);
    if (index === undefined) this.#indices.set(ref, (index = this.#refs.push(ref) - 1));
    return `\uE000fErRuLe${this.#table}x${index}\uE001`;
  };

  /** Takes a text apart; undefined where a sentinel in it was damaged, or is of another pipeline. */
  parts(text: string): readonly TemplatePart[] | undefined {
    const parts: TemplatePart[] = [];
    let at = 0;
    for (const match of text.matchAll(whole)) {
      const ref = Number(match[1]) === this.#table ? this.#refs[Number(match[2])] : undefined;
      if (ref === undefined) return undefined;
      if (match.index > at) parts.push(text.slice(at, match.index));
      parts.push(ref);
      at = match.index + match[0].length;
    }
    if (at < text.length) parts.push(text.slice(at));
    return parts.some((part) => typeof part === 'string' && trace.test(part)) ? undefined : parts;
  }
}
