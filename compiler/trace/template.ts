/** Texts with Refs inside: each Ref leaves a sentinel, which must come back whole. */
import type { RefObject } from './ref.ts';

/** Private-use characters around mixed-case letters: cutting, and changing the case, both show. */
const whole = /\uE000fErRuLe(\d+)\uE001/g;
const trace = /[\uE000\uE001]|fErRuLe\d/i;

/** A piece of a template: a text, or the Ref whose value comes in its place. */
export type TemplatePart = string | RefObject;

export class Templates {
  readonly #refs: RefObject[] = [];

  /** Gives the sentinel of a Ref. */
  readonly sentinel = (ref: RefObject): string => {
    let index = this.#refs.indexOf(ref);
    if (index < 0) index = this.#refs.push(ref) - 1;
    return `\uE000fErRuLe${index}\uE001`;
  };

  /** Takes a text apart; undefined where a sentinel in it was damaged. */
  parts(text: string): readonly TemplatePart[] | undefined {
    const parts: TemplatePart[] = [];
    let at = 0;
    for (const match of text.matchAll(whole)) {
      const ref = this.#refs[Number(match[1])];
      if (ref === undefined) return undefined;
      if (match.index > at) parts.push(text.slice(at, match.index));
      parts.push(ref);
      at = match.index + match[0].length;
    }
    if (at < text.length) parts.push(text.slice(at));
    return parts.some((part) => typeof part === 'string' && trace.test(part)) ? undefined : parts;
  }
}
