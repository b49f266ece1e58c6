import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { lightweightCommand, lightweightPayload } from '../../compiler/bundle/lightweight.ts';
import { resolveContainer, writeIdentityArgs, type ComponentSpec } from '../../spec/index.ts';
import { bundleFolder, type BundleFolder } from '../runners/components.ts';
import { freshRoot } from '../stores/root-folder.ts';
import { assign, buildLauncher, imageCommand, startLauncher, textOf } from './pod.ts';

const component: ComponentSpec = {
  executorLabel: 'exec-train',
  outputDefinitions: {
    parameters: { Output: { parameterType: 'NUMBER_INTEGER' } },
    artifacts: { model: { artifactType: { schemaTitle: 'system.Model' } } },
  },
};
const top = `import { writeFileSync } from 'node:fs';`;
const writes = `async ({ n }, out, { taskName }) => {
  writeFileSync(out.model.path, 'weights'); out.model.metadata.layers = 3;
  console.log('hello from ' + taskName);
  return n * 2;
}`;

describe('the launcher', () => {
  let bundles: BundleFolder;
  beforeAll(async () => {
    await buildLauncher();
    bundles = await bundleFolder();
  });
  const commandOf = async (body: string, secretEnv: readonly string[] = []): Promise<readonly string[]> =>
    imageCommand(bundles, await bundles.add(body, top), secretEnv);

  it('runs the command and writes its result last, with where it ran', async () => {
    const root = await freshRoot();
    const pod = await assign(root, { component, parameters: { n: 21 } });
    const ended = await pod.run('run', await commandOf(writes));
    expect(ended).toEqual({ status: 0, stdout: 'hello from train\n', stderr: '' });
    const result = await pod.result();
    expect(result).toMatchObject({
      kind: 'succeeded',
      outputs: {
        parameters: { Output: 42 },
        artifacts: {
          model: [{ uri: 'runs/r1/tasks/inner/train/2/model', metadata: { layers: 3 }, size: 7 }],
        },
      },
      platform: { platform: `${process.platform}-${process.arch}`, node: process.versions.node },
    });
    expect(await textOf(root, result, 'model')).toBe('weights');
  });

  it('says at the very end that the result is written', async () => {
    const pod = await assign(await freshRoot(), { component, parameters: { n: 21 } });
    await pod.start('run', await commandOf(writes)).said('ferrule-ended runs/r1/tasks/inner/train/2 0\n');
    expect(await pod.result()).toMatchObject({ kind: 'succeeded' });
    const failing = await assign(await freshRoot(), { component });
    const command = await commandOf(`async () => { throw new Error('no') }`);
    await failing.start('run', command).said('ferrule-ended runs/r1/tasks/inner/train/2 1\n');
    expect(await failing.result()).toMatchObject({ kind: 'failed' });
  });

  it('makes a component that ends its process well, but does not return, a failed result', async () => {
    const pod = await assign(await freshRoot(), { component });
    const ended = await pod.run('run', await commandOf('() => { process.exit(0); }'));
    expect(ended.status).toBe(1);
    expect(await pod.result()).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6008', problem: expect.stringContaining('exit code 0') as string },
    });
  });

  it('makes an error of the component a failed result with its stack, printed once', async () => {
    const pod = await assign(await freshRoot(), { component });
    const ended = await pod.run('run', await commandOf(`async () => { throw new TypeError('no images') }`));
    expect(ended.status).toBe(1);
    expect(ended.stderr.match(/FER6001/g)).toHaveLength(1);
    expect(await pod.result()).toEqual({
      kind: 'failed',
      failure: {
        code: 'FER6001',
        kind: 'user',
        problem: 'TypeError: no images',
        stack: expect.stringMatching(/^ +at .*bundle\.mjs/) as string,
        retryable: true,
      },
    });
  });

  it.each([
    ['an output that was not written', `async () => 1`, 'FER6005', 'wrote nothing to it'],
    ['a body that ends its process', `async () => process.exit(3)`, 'FER6008', 'exit code 3'],
    ['a crash', `async () => process.kill(process.pid, 'SIGSEGV')`, 'FER6009', 'killed by SIGSEGV'],
  ])('makes %s a failed result', async (_, body, code, problem) => {
    const pod = await assign(await freshRoot(), { component });
    const ended = await pod.run('run', await commandOf(body));
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain(code);
    expect(await pod.result()).toMatchObject({
      kind: 'failed',
      failure: { code, problem: expect.stringContaining(problem) as string, retryable: true },
    });
  });

  it('leaves it to the platform to say why a command was killed, and writes no result', async () => {
    const pod = await assign(await freshRoot(), { component });
    const ended = await pod.run('run', await commandOf(`async () => process.kill(process.pid, 'SIGKILL')`));
    expect(ended.status).toBe(137);
    expect(await pod.result()).toBeUndefined();
  });

  it('passes SIGTERM on, and leaves no result where the command did not succeed', async () => {
    const pod = await assign(await freshRoot(), { component });
    const body = `async (_, out, { signal }) => {
      console.log('waiting');
      setInterval(() => {}, 1000);
      await new Promise((done) => signal.addEventListener('abort', done));
      console.log('asked to stop');
      throw new Error('stopped');
    }`;
    const started = pod.start('run', await commandOf(body));
    await started.said('waiting');
    started.child.kill('SIGTERM');
    const ended = await started.ended;
    expect(ended.status).toBe(143);
    expect(ended.stdout).toBe('waiting\nasked to stop\n');
    expect(await pod.result()).toBeUndefined();
  });

  it('keeps the result of a command that succeeds in spite of SIGTERM', async () => {
    const pod = await assign(await freshRoot(), { component });
    const body = `async (_, out, { signal }) => {
      console.log('waiting');
      setInterval(() => {}, 1000);
      await new Promise((done) => signal.addEventListener('abort', done));
      writeFileSync(out.model.path, 'all there is');
      return 1;
    }`;
    const started = pod.start('run', await commandOf(body));
    await started.said('waiting');
    started.child.kill('SIGTERM');
    expect((await started.ended).status).toBe(0);
    expect(await pod.result()).toMatchObject({ kind: 'succeeded', outputs: { parameters: { Output: 1 } } });
  });

  it('ends what a command left running before it reads the outputs', async () => {
    const pod = await assign(await freshRoot(), { component });
    const body = `async (_, out) => {
      const { spawn } = await import('node:child_process');
      const left = spawn('sleep', ['300'], { stdio: 'ignore' });
      left.unref();
      console.log('pid ' + left.pid);
      writeFileSync(out.model.path, 'm');
      return 1;
    }`;
    const ended = await pod.run('run', await commandOf(body));
    expect(ended.status).toBe(0);
    const pid = Number(/pid (\d+)/.exec(ended.stdout)?.[1]);
    expect(pid).toBeGreaterThan(1);
    // Where nobody waits for its end, a process that was killed stays as a name.
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone');
    expect(state).toMatch(/^gone$|\) Z /);
  });

  it('takes a parameter that no argument holds', async () => {
    const pod = await assign(await freshRoot(), { component, parameters: { text: 'é'.repeat(200_000) } });
    const body = `async ({ text }, out) => { writeFileSync(out.model.path, text); return text.length }`;
    expect(await pod.run('run', await commandOf(body))).toMatchObject({ status: 0, stderr: '' });
    expect(await pod.result()).toMatchObject({ outputs: { parameters: { Output: 200_000 } } });
  });

  it('keeps secrets out of the log and the result', async () => {
    const pod = await assign(await freshRoot(), { component });
    const body = `async () => { console.log('token ' + process.env.TOKEN); throw new Error(process.env.TOKEN + ' refused') }`;
    const ended = await pod.run('run', await commandOf(body, ['TOKEN']), { TOKEN: 'swordfish-swordfish' });
    expect(ended.stdout).toBe('token ***\n');
    expect(JSON.stringify([ended, await pod.result()])).not.toContain('swordfish');
    expect(await pod.result()).toMatchObject({ failure: { problem: '*** refused' } });
  });

  it('runs nothing where the attempt has its result already', async () => {
    const pod = await assign(await freshRoot(), { component, parameters: { n: 1 } });
    const command = await commandOf(writes);
    await pod.run('run', command);
    const again = await pod.run('run', command);
    expect(again).toMatchObject({ status: 0, stdout: '' });
    expect(again.stderr).toContain('attempt 2 of inner/train has its result already');
    expect(await pod.run('stage-out')).toMatchObject({ status: 0 });
  });

  it('tells a command that cannot be started, and does not want it tried again', async () => {
    const pod = await assign(await freshRoot(), { component });
    expect(await pod.run('run', ['/nowhere/node', 'run.mjs'])).toMatchObject({ status: 1 });
    expect(await pod.result()).toMatchObject({
      failure: {
        code: 'FER6082',
        problem: expect.stringContaining('/nowhere/node') as string,
        retryable: false,
      },
    });
  });
});

describe('the launcher beside a container of others', () => {
  beforeAll(buildLauncher);
  const shell = (script: string): number | null =>
    spawnSync('sh', ['-c', script], { stdio: 'inherit' }).status;

  it('brings inputs, makes the folders of outputs, and keeps what the container wrote', async () => {
    const root = await freshRoot();
    const pod = await assign(root, { component, parameters: { n: 3 } });
    expect(await pod.run('stage-in')).toEqual({ status: 0, stdout: '', stderr: '' });
    const { outputs } = pod.input;
    const model = outputs.artifacts?.['model']?.artifacts[0]?.uri ?? '';
    expect(shell(`echo 42 > ${outputs.parameters?.['Output']?.outputFile}; printf w > ${model}`)).toBe(0);
    expect(await pod.run('stage-out')).toEqual({ status: 0, stdout: '', stderr: '' });
    const result = await pod.result();
    expect(result).toMatchObject({ kind: 'succeeded', outputs: { parameters: { Output: 42 } } });
    // Where the launcher ran tells nothing of where the container before it did.
    expect(result).not.toHaveProperty('platform');
    expect(await textOf(root, result, 'model')).toBe('w');
  });

  it.each([
    ['no value for an output parameter', ':', 'FER6004', 'wrote no value'],
    ['a value of another type', 'echo many > $OUTPUT', 'FER6018', 'no NUMBER_INTEGER'],
  ])('makes %s a failed result', async (_, script, code, problem) => {
    const root = await freshRoot();
    const pod = await assign(root, { component });
    await pod.run('stage-in');
    const { outputs } = pod.input;
    shell(script.replace('$OUTPUT', outputs.parameters?.['Output']?.outputFile ?? ''));
    const ended = await pod.run('stage-out');
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain(code);
    expect(await pod.result()).toMatchObject({
      kind: 'failed',
      failure: { code, problem: expect.stringContaining(problem) as string },
    });
  });

  it('runs a component whose code is in its arguments', async () => {
    const bundles = await bundleFolder();
    const code = await bundles.add(writes, top);
    const payload = lightweightPayload((await bundles.folderOf(code)) ?? '');
    const identity = { function: 'train', code, reads: [], vary: [], isolate: false, secretEnv: [], payload };
    const pod = await assign(await freshRoot(), { component, parameters: { n: 5 } });
    await pod.run('stage-in');
    const container = { image: 'node', command: lightweightCommand, args: writeIdentityArgs(identity) };
    const { command, args } = resolveContainer(container, pod.input, { runId: 'r1', task: 'train' });
    const ran = spawnSync(command[0] ?? '', [...command.slice(1), ...args], { encoding: 'utf8' });
    expect(ran).toMatchObject({ status: 0, stdout: 'hello from train\n', stderr: '' });
    expect(await pod.run('stage-out')).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await pod.result()).toMatchObject({ outputs: { parameters: { Output: 10 } } });
  });
});

describe('a launcher that cannot begin', () => {
  beforeAll(buildLauncher);

  it.each([
    ['no mode', [], '"" is nothing that the launcher does'],
    ['no root', ['run', '--attempt', 'runs/r/tasks/t/1', '--', 'true'], '--root is missing'],
    [
      'an attempt that is none',
      ['run', '--root', '/tmp', '--attempt', 'r/t/1'],
      '--attempt r/t/1 names no attempt',
    ],
    [
      'no command',
      ['run', '--root', '/tmp', '--attempt', 'runs/r/tasks/t/1'],
      'the command after -- is missing',
    ],
  ])('refuses %s', async (_, args, problem) => {
    const ended = await startLauncher(args).ended;
    expect(ended.status).toBe(64);
    expect(ended.stderr).toContain(`FER6080  ${problem}`);
  });

  it('says that there is no assignment, in a result as well', async () => {
    const root = await freshRoot();
    const args = ['run', '--root', root.uri, '--attempt', 'runs/r9/tasks/t/1', '--', 'true'];
    const ended = await startLauncher(args).ended;
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain('FER6081  there is no runs/r9/tasks/t/1/assignment.json under');
    const result = await root.artifacts.result({ runId: 'r9', task: 't', number: 1 });
    expect(result).toMatchObject({ kind: 'failed', failure: { code: 'FER6081' } });
  });

  it('says by its exit status that the root took no result', async () => {
    const args = ['run', '--root', 'ftp://nowhere', '--attempt', 'runs/r9/tasks/t/1', '--', 'true'];
    const ended = await startLauncher(args).ended;
    expect(ended.status).toBe(75);
    expect(ended.stderr).toMatch(/^FER5002 /m);
  });
});
