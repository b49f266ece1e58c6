/** Keeps the values of secrets out of logs, errors and outputs. */
import type { JsonValue } from '../spec/json.ts';

/** What a secret is replaced with. */
const masked = '***';

/** Masks a text that arrives in pieces. A value that is split over two pieces is found all the same. */
interface MaskedStream {
  /** Takes a piece, and gives what can be shown by now: the rest may be the start of a secret. */
  push(piece: string): string;
  /** Gives what was held back, once no more can come. */
  flush(): string;
}

export interface SecretMask {
  readonly isEmpty: boolean;
  /** Replaces every secret in a text. */
  mask(text: string): string;
  /** Whether a JSON value holds a secret anywhere, in its keys too. */
  isIn(value: JsonValue): boolean;
  /** Every form of the secrets, as bytes, to search files for. */
  readonly needles: readonly Buffer[];
  stream(): MaskedStream;
}

/** Makes a mask of secret values. Empty ones do not count. */
export function secretMask(values: readonly string[]): SecretMask {
  const forms = [...new Set(values.filter((value) => value !== '').flatMap(formsOf))].sort(
    (a, b) => b.length - a.length,
  );
  const pattern =
    forms.length === 0 ? undefined : new RegExp(forms.map((form) => escapePattern(form)).join('|'), 'g');
  const mask = (text: string): string => (pattern === undefined ? text : text.replace(pattern, masked));
  return {
    isEmpty: forms.length === 0,
    mask,
    isIn: (value) => textsOf(value).some((text) => mask(text) !== text),
    needles: forms.map((form) => Buffer.from(form, 'utf8')),
    stream: () => maskedStream(forms, pattern, mask),
  };
}

/** A secret shows in JSON with its quotes escaped, in a URL percent-encoded, in many a header in base64, in hex. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    bytes.toString('hex'),
    ...(['base64', 'base64url'] as const).flatMap((encoding) => [
      bytes.toString(encoding),
      ...insideForms(bytes, encoding),
    ]),
  ];
}

/** Shorter pieces of base64 would be found in texts that have nothing to do with the secret. */
const shortestInside = 8;

/**
 * Gives the characters that base64 has for a secret inside of a longer text, such as `user:password`: three bytes
 * make four characters, so that there are three ways to begin, and only whole characters of its own count.
 */
function insideForms(bytes: Buffer, encoding: 'base64' | 'base64url'): string[] {
  return [0, 1, 2]
    .map((before) => {
      const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding);
      return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    })
    .filter((form) => form.length >= shortestInside);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}

function textsOf(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [`${value}`];
  if (typeof value !== 'object' || value === null) return [];
  if (isArray(value)) return value.flatMap(textsOf);
  return Object.entries(value).flatMap(([key, field]) => [key, ...textsOf(field)]);
}

// Array.isArray does not narrow a readonly array away.
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function maskedStream(
  forms: readonly string[],
  pattern: RegExp | undefined,
  mask: (text: string) => string,
): MaskedStream {
  let held = '';
  return {
    push(piece) {
      if (pattern === undefined) return piece;
      const text = held + piece;
      let cut = text.length - lengthOfStart(text, forms);
      // A secret that reaches over the cut is held as a whole: what follows may make it a longer one.
      for (const match of text.matchAll(pattern))
        if (match.index < cut && match.index + match[0].length > cut) cut = match.index;
      held = text.slice(cut);
      return mask(text.slice(0, cut));
    },
    flush() {
      const rest = mask(held);
      held = '';
      return rest;
    },
  };
}

/** Counts the characters at the end of a text that may be the start of a secret. */
function lengthOfStart(text: string, forms: readonly string[]): number {
  const longest = Math.min((forms[0]?.length ?? 0) - 1, text.length);
  for (let length = longest; length > 0; length--) {
    const tail = text.slice(text.length - length);
    if (forms.some((form) => form.length > length && form.startsWith(tail))) return length;
  }
  return 0;
}
