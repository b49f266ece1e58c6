/** How components fail, and how attempts are ended. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, digestOfFolder, packPayload } from '../../../spec/index.ts';
import { lightweightPayload } from '../../../compiler/bundle/lightweight.ts';
import { keptLog } from '../attempts.ts';
import { bundleFolder } from '../components.ts';
import { promised, type Bench, type Exceptions } from './bench.ts';

export function failureContract(bench: () => Bench, except: Exceptions): void {
  describe('components that fail', () => {
    it('tells the message and stack of an error', async () => {
      const failure = await bench().failureOf('async function train() { null.x; }');
      expect(failure).toMatchObject({ code: 'FER6001', kind: 'user', retryable: true });
      expect(failure.problem).toMatch(/^TypeError: Cannot read properties of null/);
      expect(failure.stack).toContain('at train');
    });

    it('tells a TaskError by its message and fix, without a stack', async () => {
      const failure = await bench().failureOf(
        `() => { throw new TaskError('no images', { fix: 'add some' }); }`,
      );
      expect(failure).toEqual({
        code: 'FER6001',
        kind: 'user',
        problem: 'no images',
        fix: 'add some',
        retryable: true,
      });
    });

    it('tells what was thrown when it is no error', async () => {
      expect((await bench().failureOf('() => { throw "just a text"; }')).problem).toBe('just a text');
    });

    it.each([0, 3])('tells exit code %i of a component that ends its process', async (code) => {
      const failure = await bench().failureOf(`() => { process.exit(${code}); }`);
      expect(failure.code).toBe('FER6008');
      expect(failure.problem).toContain(`exit code ${code}`);
    });

    it('tells the signal that killed a component', async () => {
      const failure = await bench().failureOf(
        `async () => { process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {}); }`,
      );
      expect(failure.code).toBe('FER6009');
      expect(failure.problem).toContain('SIGSEGV');
    });

    it.each([
      ['a rejection that nobody handles', 'async () => { void Promise.reject(new Error("lost")); }'],
      [
        'an error thrown in a timer',
        'async () => { setTimeout(() => { throw new Error("lost"); }, 5); await new Promise(() => {}); }',
      ],
    ])('fails on %s', async (_, body) => {
      const failure = await bench().failureOf(body);
      expect(failure.code).toBe('FER6013');
      expect(failure.problem).toBe('lost');
    });

    it('fails on a promise that nothing is left to settle', async () => {
      const failure = await bench().failureOf('async () => { await new Promise(() => {}); }');
      expect(failure.code).toBe('FER6012');
    });

    it.each([
      ['a full disk', "writeFileSync('/dev/full', 'x')", 'ENOSPC', 'free space'],
      ['a missing file', "readFileSync('/no/such/file')", 'ENOENT', undefined],
    ])('tells %s as the system does, and what helps', async (_, statement, errno, fix) => {
      const top = `import { readFileSync, writeFileSync } from 'node:fs';`;
      const failure = await bench().failureOf(`() => { ${statement}; }`, {}, top);
      expect(failure.code).toBe('FER6001');
      expect(failure.problem).toContain(errno);
      expect(failure.fix ?? '').toContain(fix ?? '');
    });

    it('fails where the code does not load', async () => {
      const failure = await bench().failureOf('() => {}', {}, `throw new Error('at the top');`);
      expect(failure).toMatchObject({ code: 'FER6002', retryable: false });
      expect(failure.problem).toContain('at the top');
    });

    it('runs the next task after each of these', async () => {
      const { outcome } = await bench().run('() => "still here"', { returns: { Output: 'STRING' } });
      expect(outcome.kind).toBe('succeeded');
    });
  });

  describe('timeouts and cancelling', () => {
    it('ends an attempt at its timeout, though it computes without a pause', async () => {
      const failure = await bench().failureOf('() => { for (;;); }', { timeoutSeconds: 0.3 });
      expect(failure.code).toBe('FER6011');
      expect(failure.problem).toContain('0.3 s');
    });

    const late = promised(except, 'a return after the timeout');
    late('fails at the timeout even where the body heeds its signal and returns', async () => {
      const { outcome, lines } = await bench().run(
        `(_, __, { signal }) => new Promise((resolve) => { setInterval(() => {}, 1000); signal.addEventListener('abort', () => { console.log('stopping: ' + signal.reason.message); resolve(1); }); })`,
        // Starting a worker on a busy machine takes part of it.
        { timeoutSeconds: 2 },
      );
      expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'FER6011' } });
      expect(lines).toEqual([expect.stringMatching(/^stopping: ./)]);
    });

    it('ends an attempt that is cancelled, and keeps what it printed', async () => {
      const cancel = new AbortController();
      const attempt = await bench().ground.attempt({
        code: await bench().bundles.add(
          `async () => { console.log('started'); for (;;) await new Promise((r) => setTimeout(r, 5)); }`,
        ),
        signal: cancel.signal,
      });
      const log = keptLog();
      const line = (text: string): void => {
        log.line(text);
        cancel.abort();
      };
      expect(await bench().ground.start(attempt, { ...log, line })).toEqual({ kind: 'cancelled' });
      expect(log.lines).toEqual(['started']);
    });

    it('does not start an attempt that is cancelled already', async () => {
      const { outcome, lines } = await bench().run('() => { console.log("ran"); }', {
        signal: AbortSignal.abort(),
      });
      expect(outcome).toEqual({ kind: 'cancelled' });
      expect(lines).toEqual([]);
    });
  });

  describe('code', () => {
    it('runs code that the spec itself carries', async () => {
      const elsewhere = await bundleFolder();
      const code = await elsewhere.add('() => asset("./a.txt").length > 0', '', { 'a.txt': 'an asset' });
      const payload = lightweightPayload((await elsewhere.folderOf(code)) ?? '');
      const returns = { Output: 'BOOLEAN' } as const;
      const attempt = await bench().ground.attempt({ code, returns, identity: { payload } });
      expect(await bench().ground.start(attempt, keptLog())).toMatchObject({
        output: { parameterValues: { Output: true } },
      });
    });

    const unpacked = promised(except, 'unpacking of code');
    for (const name of ['../escaped.mjs', '/tmp/escaped.mjs', 'a/../../../escaped.mjs'])
      unpacked(`refuses code whose path leads out: ${name}`, async () => {
        const payload = packPayload({ executor: '', files: { [name]: '' } });
        const code = digestOfFolder([{ path: name, size: 0, digest: digestOf('') }]);
        const attempt = await bench().ground.attempt({ code, identity: { payload } });
        expect(await bench().ground.start(attempt, keptLog())).toMatchObject({
          kind: 'failed',
          failure: { code: 'FER6017', retryable: false },
        });
      });

    it('refuses code that is nowhere to be found', async () => {
      const attempt = await bench().ground.attempt({ code: `sha256:${'0'.repeat(64)}` });
      expect(await bench().ground.start(attempt, keptLog())).toMatchObject({
        kind: 'failed',
        failure: { code: 'FER6002', retryable: false },
      });
    });

    it('refuses code that is not what the spec names', async () => {
      const code = await bench().bundles.add('() => "as compiled"');
      const folder = await bench().bundles.folderOf(code);
      await writeFile(join(folder ?? '', 'bundle.mjs'), 'export default { body: () => "tampered" };');
      const attempt = await bench().ground.attempt({ code });
      expect(await bench().ground.start(attempt, keptLog())).toMatchObject({
        kind: 'failed',
        failure: { code: 'FER6003', retryable: false },
      });
    });
  });
}
