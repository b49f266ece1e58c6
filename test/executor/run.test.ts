import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  executorCommand,
  hexOf,
  writeIdentityArgs,
  type Digest,
  type ExecutorInput,
} from '../../spec/index.ts';
import { bundleFolder, type BundleFolder } from '../runners/components.ts';

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program that images hold, run as KFP's launcher runs it. */
describe('the executor program', () => {
  let bundles: BundleFolder;
  beforeAll(async () => {
    bundles = await bundleFolder();
  });

  /** Makes what an image holds: one program, and the bundle beside it. */
  const image = async (code: Digest): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-image-'));
    await cp(join(import.meta.dirname, '../../dist/executor/run.js'), join(folder, 'run.mjs'));
    await cp(join(bundles.folder, hexOf(code)), join(folder, 'bundle'), { recursive: true });
    return folder;
  };
  const argsOf = (code: Digest, input: ExecutorInput, secretEnv: readonly string[] = []): string[] =>
    writeIdentityArgs({
      function: 'trainModel',
      code,
      reads: ['x'],
      vary: [],
      salt: 's',
      isolate: true,
      secretEnv,
    }).map((arg) => arg.replaceAll('{{$}}', JSON.stringify(input)));
  const inputFor = async (inputs: ExecutorInput['inputs'] = {}): Promise<ExecutorInput> => {
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-run-'));
    return {
      inputs,
      outputs: {
        parameters: { Output: { outputFile: join(folder, 'params/Output') } },
        artifacts: { model: { artifacts: [{ name: 'model', uri: join(folder, 'made/for/model') }] } },
        outputFile: join(folder, 'meta/output_metadata.json'),
      },
    };
  };
  const run = (folder: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(folder, 'run.mjs'), ...args], { env }, (error, stdout, stderr) =>
        resolve({
          status: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
          stdout,
          stderr,
        }),
      );
    });

  const body = `async ({ n, k = 2 }, out, { taskName }) => {
    writeFileSync(out.model.path, 'weights'); out.model.metadata.layers = 3; console.log('task ' + taskName);
    setInterval(() => {}, 1000);
    return n * k;
  }`;
  const top = `import { writeFileSync } from 'node:fs';`;

  it('runs a component, writes the executor output whole, and ends though something is left open', async () => {
    const code = await bundles.add(body, top);
    const input = await inputFor({ parameterValues: { n: 21 } });
    const ended = await run(await image(code), argsOf(code, input));
    expect(ended).toEqual({ status: 0, stdout: 'task train-model\n', stderr: '' });
    expect(JSON.parse(await readFile(input.outputs.outputFile, 'utf8'))).toEqual({
      parameterValues: { Output: 42 },
      artifacts: {
        model: {
          artifacts: [
            {
              name: 'model',
              uri: input.outputs.artifacts?.['model']?.artifacts[0]?.uri,
              metadata: { layers: 3 },
            },
          ],
        },
      },
    });
    expect(await readdir(join(input.outputs.outputFile, '..'))).toEqual(['output_metadata.json']);
  });

  it('is started by the command that specs carry', () => {
    expect(executorCommand).toEqual(['node', '/ferrule/run.mjs']);
  });

  it('holds nothing that changes with other parts: it is written into specs', async () => {
    const program = await readFile(join(import.meta.dirname, '../../dist/executor/run.js'), 'utf8');
    expect(program).not.toContain('A source file has a syntax error');
    expect(program).not.toMatch(/from ?"(?!node:)/);
  });

  it('finds its bundle among several by the digits of its code, and names those it has for any other', async () => {
    const code = await bundles.add(body, top);
    const other = await bundles.add('() => 1');
    const folder = await image(code);
    const input = await inputFor({ parameterValues: { n: 1 } });
    for (const each of [code, other])
      await cp(join(bundles.folder, hexOf(each)), join(folder, 'several', hexOf(each)), { recursive: true });
    await rm(join(folder, 'bundle'), { recursive: true });
    await rename(join(folder, 'several'), join(folder, 'bundle'));
    expect((await run(folder, argsOf(code, input))).status).toBe(0);
    const ended = await run(folder, argsOf(`sha256:${'0'.repeat(64)}`, input));
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(/^FER6003 {2}the spec asks for the code sha256:0+, and the image holds /);
    for (const each of [code, other]) expect(ended.stderr).toContain(each);
  });

  it('takes its bundle from the folder that FERRULE_BUNDLE names', async () => {
    const code = await bundles.add(body, top);
    const folder = await image(code);
    const input = await inputFor({ parameterValues: { n: 1 } });
    await cp(join(folder, 'bundle'), join(folder, 'elsewhere'), { recursive: true });
    await writeFile(join(folder, 'bundle/bundle.mjs'), 'broken(');
    const ended = await run(folder, argsOf(code, input), { FERRULE_BUNDLE: join(folder, 'elsewhere') });
    expect(ended.status).toBe(0);
  });

  it('refuses a bundle that is not what --code says, and writes nothing', async () => {
    const code = await bundles.add(body, top);
    const folder = await image(code);
    await mkdir(join(folder, 'bundle/assets'));
    await writeFile(join(folder, 'bundle/assets/extra'), '');
    const input = await inputFor({ parameterValues: { n: 1 } });
    const ended = await run(folder, argsOf(code, input));
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(/^FER6003 {2}the spec asks for the code sha256:/);
    await expect(readFile(input.outputs.outputFile)).rejects.toThrow(/ENOENT/);
  });

  it.each([
    ['no arguments', [], 'FER6007  --code is missing'],
    ['a code that is none', ['--code', 'latest'], 'FER6007  --code latest is no digest'],
    [
      'an input whose placeholder was not replaced',
      ['--code', `sha256:${'0'.repeat(64)}`, '--function_to_execute', 'f', '--executor_input', '{{$}}'],
      'FER6007  --executor_input is no JSON',
    ],
    [
      'an input without an output file',
      ['--code', `sha256:${'0'.repeat(64)}`, '--function_to_execute=f', '--executor_input={}'],
      'FER6007  --executor_input has no outputs.outputFile',
    ],
  ])('refuses %s', async (_, args, problem) => {
    const ended = await run(await image(await bundles.add(body, top)), args);
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain(problem);
  });

  it('writes its failure as data too, where it is asked to, secrets masked', async () => {
    const code = await bundles.add(`async () => { throw new Error('no luck with ' + process.env.TOKEN) }`);
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-failure-'));
    const file = join(folder, 'failure.json');
    const ended = await run(await image(code), argsOf(code, await inputFor(), ['TOKEN']), {
      FERRULE_FAILURE_FILE: file,
      TOKEN: 'swordfish-swordfish',
    });
    expect(ended.status).toBe(1);
    const failure: unknown = JSON.parse(await readFile(file, 'utf8'));
    expect(failure).toMatchObject({ code: 'FER6001', problem: 'no luck with ***' });
    expect(failure).toHaveProperty('stack', expect.stringMatching(/^ +at /));
  });

  it('reads an input that is too large for an argument from a file', async () => {
    const code = await bundles.add(
      `async ({ text }, out) => { (await import('node:fs')).writeFileSync(out.model.path, 'm'); return text.length }`,
    );
    const input = await inputFor({ parameterValues: { text: 'x'.repeat(300_000) } });
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-input-'));
    await writeFile(join(folder, 'input.json'), JSON.stringify(input));
    const args = argsOf(code, input).map((arg) => (arg.startsWith('{') ? `@${folder}/input.json` : arg));
    const ended = await run(await image(code), args);
    expect(ended.stderr).toBe('');
    expect(JSON.parse(await readFile(input.outputs.outputFile, 'utf8'))).toMatchObject({
      parameterValues: { Output: 300_000 },
    });
  });

  it('tells an error with its stack, a TaskError without, and a missing package by what to do', async () => {
    const stderrOf = async (source: string, above = ''): Promise<string> => {
      const code = await bundles.add(source, above);
      return (await run(await image(code), argsOf(code, await inputFor()))).stderr;
    };
    expect(await stderrOf('function train() { throw new RangeError("too far"); }')).toMatch(
      /^FER6001 {2}RangeError: too far\n {4}at train/,
    );
    expect(await stderrOf('() => { throw new TaskError("no data", { fix: "add some" }); }')).toBe(
      'FER6001  no data\n  fix: add some\n',
    );
    expect(await stderrOf('() => x', `import x from 'not-installed-anywhere';`)).toMatch(
      /^FER6002 .*not-installed-anywhere[^]*fix: install the package/,
    );
    expect(
      await stderrOf(
        'async () => { void Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 50)); }',
      ),
    ).toMatch(/^FER6013 {2}lost/);
  });

  it('fails on a promise that nothing is left to settle, and writes nothing', async () => {
    const code = await bundles.add('() => new Promise(() => {})');
    const input = await inputFor();
    const ended = await run(await image(code), argsOf(code, input));
    expect(ended.status).toBe(1);
    expect(ended.stderr).toMatch(/^FER6012 /);
    await expect(readFile(input.outputs.outputFile)).rejects.toThrow(/ENOENT/);
  });

  it('masks secrets in what is printed', async () => {
    const code = await bundles.add(
      '() => { console.log("it is " + process.env.TOKEN); throw new Error(process.env.TOKEN); }',
    );
    const ended = await run(await image(code), argsOf(code, await inputFor(), ['TOKEN']), {
      TOKEN: 'hunter2',
    });
    expect(ended.stdout).toBe('it is ***\n');
    expect(ended.stderr).toMatch(/^FER6001 {2}\*\*\*/);
  });

  it('prints all there is before it ends, to a reader that lags', async () => {
    const code = await bundles.add('() => { console.log("x".repeat(3e6)); throw new Error("the end"); }');
    const args = [join(await image(code), 'run.mjs'), ...argsOf(code, await inputFor())];
    const child = spawn(process.execPath, args, { env: {}, stdio: ['ignore', 'pipe', 'ignore'] });
    // Nothing is read for a while: the pipe is full long before.
    await wait(300);
    const ended = await text(child.stdout);
    expect(ended.length).toBe(3e6 + 1);
  });

  it('lets a body that heeds its signal end after a SIGTERM, with the status of a stopped process', async () => {
    const code = await bundles.add(
      `(_, __, { signal }) => new Promise((__, reject) => { console.log('ready'); setInterval(() => {}, 1000); signal.addEventListener('abort', () => reject(new Error('stopped'))); })`,
    );
    const child = spawn(
      process.execPath,
      [join(await image(code), 'run.mjs'), ...argsOf(code, await inputFor())],
      {
        env: {},
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    child.stdout.once('data', () => child.kill('SIGTERM'));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(143);
  });
});
