import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome, Runner } from '../../engine/ports.ts';
import { localRunner } from '../../runners/local/index.ts';
import { kfpPython } from '../counterparts.ts';
import { keptLog } from './attempts.ts';
import {
  installLine,
  outputOf,
  pipInstall,
  pythonAttemptOf,
  pythonContainer,
  type PythonDraft,
} from './python-attempts.ts';

/** Writes a wheel of one module and one command, which needs no index and no build: FOLDER VERSION. */
const wheelMaker = `
import sys, zipfile
folder, version = sys.argv[1:]
info = "tiny-%s.dist-info/" % version
files = {
  "tiny.py": "version = %r\\ndef main(): print('tiny', version)\\n" % version,
  info + "METADATA": "Metadata-Version: 2.1\\nName: tiny\\nVersion: %s\\n" % version,
  info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
  info + "entry_points.txt": "[console_scripts]\\ntiny = tiny:main\\n",
}
files[info + "RECORD"] = "".join("%s,,\\n" % name for name in files)
path = "%s/tiny-%s-py3-none-any.whl" % (folder, version)
with zipfile.ZipFile(path, "w") as wheel:
    for name, content in files.items():
        wheel.writestr(name, content)
`;

describe.skipIf(kfpPython === undefined)('The environment of a Python component', () => {
  let scratch: string;
  let wheels: string;
  const runners: Runner[] = [];

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'ferrule-environments-'));
    wheels = await mkdtemp(join(tmpdir(), 'ferrule-wheels-'));
    for (const version of ['1.0', '2.0'])
      execFileSync(kfpPython ?? '', ['-c', wheelMaker, wheels, version], { stdio: 'inherit' });
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.close()));
  });
  afterAll(async () => {
    await rm(scratch, { recursive: true, force: true });
    await rm(wheels, { recursive: true, force: true });
  });

  function runnerIn(folder: string, env: Readonly<Record<string, string>> = {}): Runner {
    const runner = localRunner({
      bundles: { folderOf: async () => undefined },
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        FERRULE_PYTHON: kfpPython,
        PIP_NO_INDEX: '1',
        PIP_FIND_LINKS: wheels,
        ...env,
      },
      cwd: scratch,
      pythonFolder: join(scratch, folder),
    });
    runners.push(runner);
    return runner;
  }
  const environmentsIn = async (folder: string): Promise<string[]> =>
    (await readdir(join(scratch, folder))).filter((name) => name !== 'programs').sort();
  const run = async (runner: Runner, draft: Partial<PythonDraft>): Promise<Outcome> =>
    runner.start(await pythonAttemptOf({ source, image: 'mine:1', ...draft }), keptLog());

  const source = 'def f() -> str:\n    import tiny\n    return tiny.version\n';
  const tiny = (requirement: string): string => installLine(pipInstall(`'${requirement}'`));

  it('holds what the component installs, beside what stands for its image, and is made once', async () => {
    const runner = runnerIn('once');
    expect(outputOf(await run(runner, { install: tiny('tiny==1.0') }))).toBe('1.0');
    const [name = ''] = await environmentsIn('once');
    expect(outputOf(await run(runner, { install: tiny('tiny==1.0') }))).toBe('1.0');
    expect(outputOf(await run(runnerIn('once', { PIP_VERBOSE: '' }), { install: tiny('tiny==2.0') }))).toBe(
      '2.0',
    );
    const names = await environmentsIn('once');
    expect(names).toContain(name);
    expect(names).toHaveLength(2);
  });

  it('gives its commands to the component', async () => {
    const call =
      'def f() -> str:\n    import subprocess\n    return subprocess.run(["tiny"], capture_output=True, text=True).stdout\n';
    const outcome = await run(runnerIn('commands'), { source: call, install: tiny('tiny==1.0') });
    expect(outputOf(outcome)).toBe('tiny 1.0\n');
    const [name = ''] = await environmentsIn('commands');
    const script = await readFile(join(scratch, 'commands', name, 'bin', 'tiny'), 'utf8');
    expect(script).toContain(`/${name}/bin/python`);
  });

  it('is the same for two drivers that make it at once', async () => {
    const install = tiny('tiny==1.0');
    const outcomes = await Promise.all([1, 2, 3].map(() => run(runnerIn('twice'), { install })));
    expect(outcomes.map(outputOf)).toEqual(['1.0', '1.0', '1.0']);
    expect(await environmentsIn('twice')).toHaveLength(1);
  });

  it('is in the key with what it really holds', async () => {
    const runner = runnerIn('keys');
    const container = pythonContainer(source, tiny('tiny'), 'mine:1');
    expect(await runner.environmentOf?.(container, undefined)).toEqual({
      kind: 'unknown',
      reason: 'its Python packages are not installed here yet',
    });
    expect(await environmentsIn('keys').catch(() => [])).toEqual([]);
    const told: string[] = [];
    const making = { signal: new AbortController().signal, tell: (text: string) => void told.push(text) };
    expect(await runner.environmentOf?.(container, making)).toMatchObject({
      packages: { tiny: '2.0', kfp: '2.17.0' },
    });
    expect(await runner.environmentOf?.(container, making)).toMatchObject({ kind: 'known' });
    expect(told).toEqual(['ferrule: installing tiny']);
  });

  it('is another where a file that is installed changes', async () => {
    const file = join(scratch, 'tiny-3.0-py3-none-any.whl');
    const runner = runnerIn('files');
    const versions: unknown[] = [];
    for (const change of ['first', 'second']) {
      const maker = wheelMaker.replace('version = %r', `version = '${change} ' + %r`);
      execFileSync(kfpPython ?? '', ['-c', maker, scratch, '3.0'], { stdio: 'inherit' });
      versions.push(outputOf(await run(runner, { install: tiny(file) })));
    }
    expect(versions).toEqual(['first 3.0', 'second 3.0']);
  });

  it('is not kept where pip fails, which is told in its words', async () => {
    const runner = runnerIn('failed');
    const install = tiny('tiny==9.9');
    expect(await run(runner, { install })).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'FER6032',
        kind: 'user',
        problem: 'pip could not install tiny==9.9: No matching distribution found for tiny==9.9',
        retryable: false,
      },
    });
    expect(await environmentsIn('failed')).toEqual([]);
    expect(await runner.environmentOf?.(pythonContainer(source, install, 'mine:1'), undefined)).toMatchObject(
      {
        kind: 'unknown',
      },
    );
  });

  it('may be tried again where no index answers', async () => {
    const index = { PIP_NO_INDEX: '0', PIP_INDEX_URL: 'http://127.0.0.1:9/simple', PIP_RETRIES: '1' };
    const outcome = await run(runnerIn('no-index', index), { install: tiny('nothing-of-this-name') });
    expect(outcome).toMatchObject({
      failure: { code: 'FER6032', kind: 'infrastructure', retryable: true },
    });
  });

  it('waits for nobody who cancelled', async () => {
    const cancel = new AbortController();
    const running = run(runnerIn('cancelled'), { install: tiny('tiny==1.0'), signal: cancel.signal });
    setTimeout(() => cancel.abort(), 100);
    const start = performance.now();
    expect(await running).toEqual({ kind: 'cancelled' });
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it('without KFP says who should have had it', async () => {
    const bare = execFileSync(kfpPython ?? '', ['-c', 'import sys; print(sys._base_executable)'], {
      encoding: 'utf8',
    }).trim();
    const outcome = await run(runnerIn('bare', { FERRULE_PYTHON: bare }), {});
    expect(outcome).toMatchObject({
      failure: { code: 'FER6033', fix: expect.stringContaining('FERRULE_PYTHON') },
    });
  });

  it('of a plain Python image holds KFP and what is installed, from the index, and nothing else', async () => {
    const kfp = pipInstall(
      `'kfp==2.17.0'`,
      `'--no-deps'`,
      `'typing-extensions>=3.7.4,<5; python_version<"3.9"'`,
    );
    const install = installLine(pipInstall(`'six==1.17.0'`), kfp);
    const own: Record<string, string> = Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) =>
        /^PIP_|proxy$/i.test(name) && value !== undefined ? [[name, value] as const] : [],
      ),
    );
    const runner = runnerIn('index', { PIP_NO_INDEX: '0', ...own });
    const look = 'def f() -> str:\n    import six\n    return six.__version__\n';
    const image = 'python:3.11';
    expect(outputOf(await run(runner, { source: look, install, image }))).toBe('1.17.0');
    const environment = await runner.environmentOf?.(pythonContainer(look, install, image), undefined);
    const packages = environment?.kind === 'known' ? Object.keys(environment.packages) : [];
    expect(packages.filter((name) => !['pip', 'setuptools'].includes(name)).sort()).toEqual(['kfp', 'six']);
  });
});
