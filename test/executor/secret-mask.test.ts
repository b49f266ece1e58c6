import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { secretMask } from '../../executor/secret-mask.ts';

describe('a secret mask', () => {
  it('finds a secret as it is, in JSON, in a URL, in hex and in base64', () => {
    const secret = 'p"ss wörd';
    const mask = secretMask([secret]);
    const forms = [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      Buffer.from(secret).toString('hex'),
    ];
    expect(forms.map((form) => mask.mask(form))).toEqual(['***', '"***"', '***', '***', '***']);
  });

  it.each(['', 'u', 'me', 'you', 'user'])('finds a secret in base64 that begins with "%s"', (user) => {
    const secret = 'corréct>>>horse???';
    const mask = secretMask([secret]);
    for (const encoding of ['base64', 'base64url'] as const) {
      const header = Buffer.from(`${user}:${secret}:more`).toString(encoding);
      const kept = mask.mask(header).replace('***', '');
      // Characters that share bits with what is around the secret stay: one at either end.
      const own = Math.floor((Buffer.byteLength(secret) * 8) / 6) - 1;
      expect(header.length - kept.length).toBeGreaterThanOrEqual(own);
    }
  });

  it('takes a secret for what it says, not for a pattern', () => {
    const mask = secretMask(['a.c*[x]$']);
    expect(mask.mask('abc a.c*[x]$')).toBe('abc ***');
  });

  it('masks the longer of two secrets that start alike', () => {
    expect(secretMask(['abc', 'abcdef']).mask('abcdefabc')).toBe('******');
  });

  it('does not count empty values, and leaves a text without secrets alone', () => {
    const mask = secretMask(['', '']);
    expect(mask.isEmpty).toBe(true);
    expect(mask.mask('text')).toBe('text');
    expect(mask.stream().push('text')).toBe('text');
  });

  it('finds a secret anywhere in a value, in keys and as a number too', () => {
    const mask = secretMask(['hunter2', '12345']);
    expect(mask.isIn({ a: [{ b: 'xhunter2x' }] })).toBe(true);
    expect(mask.isIn({ hunter2: 1 })).toBe(true);
    expect(mask.isIn([12345])).toBe(true);
    expect(mask.isIn({ a: ['hunter', 2, null, true] })).toBe(false);
  });

  it('gives the same however a text is cut into pieces, and never a secret', () => {
    // Few letters, so that secrets overlap with each other and with what is around them.
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 2, maxLength: 5 });
    const text = fc.array(fc.oneof(word, fc.constantFrom('x', 'a', 'ab', '\n')), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), text, (secrets, pieces) => {
        const mask = secretMask(secrets);
        const stream = mask.stream();
        const shown = pieces.map((piece) => stream.push(piece)).join('') + stream.flush();
        expect(shown).toBe(mask.mask(pieces.join('')));
        for (const secret of secrets) expect(shown).not.toContain(secret);
      }),
      { numRuns: 2000 },
    );
  });
});
