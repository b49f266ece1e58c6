/** What components print, and what of it is kept to nobody. */
import { describe, expect, it } from 'vitest';
import { promised, secret, type Bench, type Exceptions } from './bench.ts';

export function logContract(bench: () => Bench, except: Exceptions): void {
  describe('logs', () => {
    const inOrder = promised(except, 'order of outputs');
    inOrder(
      'keeps standard output and standard error in order, the last line without a break too',
      async () => {
        const { lines } = await bench().run(
          `() => { for (let i = 0; i < 5000; i++) (i % 2 ? console.log : console.error)(i); process.stdout.write('ünd offen'); }`,
        );
        expect(lines).toEqual([...Array.from({ length: 5000 }, (_, i) => `${i}`), 'ünd offen']);
      },
    );

    it('keeps what child processes and native code print', async () => {
      const { lines } = await bench().run(
        `() => { writeSync(1, 'by descriptor\\n'); execFileSync('/bin/sh', ['-c', 'echo from a child; echo and its error >&2'], { stdio: 'inherit' }); }`,
        {},
        `import { writeSync } from 'node:fs'; import { execFileSync } from 'node:child_process';`,
      );
      // Nobody promises which of two streams is read first.
      expect(lines.filter((line) => line !== 'and its error')).toEqual(['by descriptor', 'from a child']);
      expect(lines).toHaveLength(3);
      expect(lines).toContain('and its error');
    });

    it('keeps every line of a long log', async () => {
      const { lines } = await bench().run(
        `() => { for (let i = 0; i < 20000; i++) console.log('line ' + i); }`,
      );
      expect(lines.length).toBe(20000);
      expect(lines.at(-1)).toBe('line 19999');
    });

    it('keeps what was printed before a crash', async () => {
      const { lines } = await bench().run(
        `() => { writeSync(1, 'last words\\n'); process.kill(process.pid, 'SIGKILL'); }`,
        {},
        `import { writeSync } from 'node:fs';`,
      );
      expect(lines).toEqual(['last words']);
    });
  });

  describe('environment and secrets', () => {
    const withToken = { identity: { secretEnv: ['TOKEN'] } };

    it('gives declared variables and secrets, and nothing else of the shell', async () => {
      const { outcome } = await bench().run(
        '() => ({ declared: process.env.MODE ?? "-", undeclared: process.env.UNDECLARED ?? "-", secret: process.env.TOKEN.length })',
        {
          ...withToken,
          env: [{ name: 'MODE', value: 'fast' }],
          returns: { declared: 'STRING', undeclared: 'STRING', secret: 'NUMBER_INTEGER' },
        },
      );
      expect(outcome).toMatchObject({
        output: { parameterValues: { declared: 'fast', undeclared: '-', secret: secret.length } },
      });
    });

    it('gives the same time zone and language everywhere', async () => {
      const { outcome } = await bench().run(
        '() => `${new Date(0).getHours()} ${new Intl.NumberFormat().resolvedOptions().locale}`',
        { returns: { Output: 'STRING' } },
      );
      expect(outcome).toMatchObject({
        output: { parameterValues: { Output: '0 en-US' } },
      });
    });

    it('does not start a component whose secret is not set', async () => {
      const failure = await bench().failureOf('() => {}', { identity: { secretEnv: ['ABSENT_TOKEN'] } });
      expect(failure).toMatchObject({ code: 'FER6016', retryable: false });
      expect(failure.problem).toContain('ABSENT_TOKEN');
    });

    it('masks secrets in logs, whole, in JSON, and written in pieces', async () => {
      const { lines } = await bench().run(
        `async () => {
            const t = process.env.TOKEN;
            console.log('whole ' + t); console.log(JSON.stringify({ t }));
            for (const c of 'pieces ' + t + ' end\\n') { writeSync(1, c); await new Promise((r) => setTimeout(r, 1)); }
            process.stdout.write('cut off ' + t.slice(0, 9));
          }`,
        withToken,
        `import { writeSync } from 'node:fs';`,
      );
      expect(lines).toEqual(['whole ***', '{"t":"***"}', 'pieces *** end', 'cut off correct-h']);
    });

    it('masks secrets in errors', async () => {
      const failure = await bench().failureOf(
        '() => { throw new Error("refused: " + process.env.TOKEN); }',
        withToken,
      );
      expect(failure.problem).toBe('refused: ***');
      expect(JSON.stringify(failure)).not.toContain('horse');
    });

    it.each([
      ['is refused', ''],
      ['throws', 'throw new Error("later");'],
      ['ends its process', 'process.exit(1);'],
    ])('leaves nothing of what a component wrote that knows a secret and %s', async (_, end) => {
      const { outcome, read } = await bench().run(
        `(_, out) => { mkdirSync(out.f.path); writeFileSync(out.f.path + '/x', process.env.TOKEN); ${end} }`,
        { ...withToken, outputs: { f: 'system.Artifact' } },
        `import { mkdirSync, writeFileSync } from 'node:fs';`,
      );
      expect(outcome.kind).toBe('failed');
      expect(await read('f', 'x')).toBeUndefined();
    });

    it.each([
      [
        'an output parameter',
        '(_, out) => { writeFileSync(out.f.path, ""); return { x: { deep: ["a" + process.env.TOKEN] } }; }',
      ],
      [
        'metadata',
        '(_, out) => { writeFileSync(out.f.path, ""); out.f.metadata.t = process.env.TOKEN; return { x: {} }; }',
      ],
      [
        'a file',
        '(_, out) => { writeFileSync(out.f.path, "x".repeat(2 ** 20 - 5) + process.env.TOKEN); return { x: {} }; }',
      ],
    ])('refuses a secret in %s', async (_, body) => {
      const failure = await bench().failureOf(
        body,
        { ...withToken, returns: { x: 'STRUCT' }, outputs: { f: 'system.Artifact' } },
        `import { writeFileSync } from 'node:fs';`,
      );
      expect(failure.code).toBe('FER6006');
      expect(JSON.stringify(failure)).not.toContain('horse');
    });
  });
}
