import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome, Runner } from '../../engine/ports.ts';
import { localRunner } from '../../runners/local/index.ts';
import { pythonTasks, type PythonTasks } from '../../runners/local/python/python-tasks.ts';
import { kfpPython } from '../counterparts.ts';
import { keptLog } from './attempts.ts';
import { isRunning } from './processes.ts';
import { outputOf, pythonAttemptOf, pythonContainer, type PythonDraft } from './python-attempts.ts';

const root = join(import.meta.dirname, '../..');

describe.skipIf(kfpPython === undefined)('Python components on this machine', () => {
  let runner: Runner;
  let scratch: string;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'ferrule-python-'));
    runner = localRunner({
      bundles: { folderOf: async () => undefined },
      env: { PATH: process.env['PATH'], FERRULE_PYTHON: kfpPython, LEAK: 'seen' },
      cwd: scratch,
      pythonFolder: join(scratch, 'python'),
      grace: 300,
    });
  });
  afterAll(async () => {
    await runner.close();
    await rm(scratch, { recursive: true, force: true });
  });

  const run = async (draft: PythonDraft, log = keptLog()): Promise<Outcome> =>
    runner.start(await pythonAttemptOf(draft), log);
  const failureOf = async (draft: PythonDraft, log = keptLog()): Promise<unknown> => {
    const outcome = await run(draft, log);
    return outcome.kind === 'failed' ? outcome.failure : outcome;
  };
  /** The body of a function that returns a text. */
  const body = (...lines: string[]): string =>
    ['def f() -> str:', ...lines.map((line) => `    ${line}`), ''].join('\n');

  it('see the variables that are listed and their own, and no others', async () => {
    const source = body(
      'import os',
      'return ",".join(str(os.environ.get(n)) for n in ("LEAK", "MINE", "TZ"))',
    );
    const env = [{ name: 'MINE', value: 'm' }];
    expect(outputOf(await run({ source, env }))).toBe('None,m,UTC');
    expect(outputOf(await run({ source }))).toBe('None,None,UTC');
  });

  it('start in the folder of the project, which is no place for modules', async () => {
    await writeFile(join(scratch, 'beside.py'), 'value = 1');
    const source = body(
      'import os, importlib.util',
      'return os.path.realpath(os.getcwd()) + str(importlib.util.find_spec("beside"))',
    );
    expect(outputOf(await run({ source }))).toBe(`${scratch}None`);
  });

  it('leave nothing behind for the next one', async () => {
    const source = body(
      'import builtins, logging, os, sys',
      'before = (hasattr(builtins, "mine"), "MINE" in os.environ, "json.tool" in sys.modules, os.getcwd())',
      'import json.tool',
      'builtins.mine = True',
      'os.environ["MINE"] = "1"',
      'os.chdir("/")',
      'return str(before[:3])',
    );
    expect(outputOf(await run({ source }))).toBe('(False, False, False)');
    expect(outputOf(await run({ source }))).toBe('(False, False, False)');
  });

  it('print what they print, in order, without the lines of KFP itself', async () => {
    const log = keptLog();
    const source = body(
      'import logging, os, subprocess, sys',
      'print("one")',
      'print("two", file=sys.stderr)',
      'logging.info("three")',
      'subprocess.run(["sh", "-c", "echo four; echo five > /dev/stderr"])',
      'os.write(1, b"six")',
      'return "a"',
    );
    await run({ source }, log);
    expect(log.lines.map((line) => line.replace(/^\[KFP Executor .*\]: /, ''))).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
      'six',
    ]);
  });

  it('run side by side', async () => {
    const source = body('import time', 'time.sleep(0.8)', 'return "a"');
    const start = performance.now();
    await Promise.all([1, 2, 3].map(() => run({ source })));
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('may read standard input, which is empty', async () => {
    expect(outputOf(await run({ source: body('import sys', 'return repr(sys.stdin.read())') }))).toBe("''");
  });

  it('take more input than one argument of a program holds', async () => {
    const source = 'def f(text: str) -> str:\n    return str(len(text))\n';
    expect(outputOf(await run({ source, parameters: { text: 'é'.repeat(3_000_000) } }))).toBe('3000000');
  });

  it('have threads, child processes and what runs at exit waited for', async () => {
    const file = join(scratch, 'at-exit');
    const source = body(
      'import atexit, multiprocessing, threading, time',
      `atexit.register(lambda: open(${JSON.stringify(file)}, "a").write("exit"))`,
      `threading.Thread(target=lambda: (time.sleep(0.2), open(${JSON.stringify(file)}, "a").write("thread "))).start()`,
      'with multiprocessing.get_context("fork").Pool(2) as pool:',
      '    return str(pool.map(abs, [-1, -2]))',
    );
    expect(outputOf(await run({ source }))).toBe('[1, 2]');
    expect(await readFile(file, 'utf8')).toBe('thread exit');
  });

  it('get an interpreter of their own where a variable matters when one starts', async () => {
    const source = body('import sys', 'return str(sys.flags.hash_randomization) + str(sys.flags.utf8_mode)');
    const env = [
      { name: 'PYTHONHASHSEED', value: '0' },
      { name: 'PYTHONUTF8', value: '1' },
    ];
    expect(outputOf(await run({ source, env }))).toBe('01');
  });

  it('are told of with their exception and its place', async () => {
    const log = keptLog();
    const source = body('def inner():', '    raise ValueError("too much")', 'inner()');
    const failure = await failureOf({ source }, log);
    expect(failure).toMatchObject({ code: 'FER6001', kind: 'user', problem: 'ValueError: too much' });
    expect(failure).toMatchObject({
      stack: expect.stringMatching(/ephemeral_component\.py", line \d+, in f\n.*\n.*in inner\n/),
    });
    expect(log.lines.at(-1)).toBe('ValueError: too much');
    expect(log.lines.join('\n')).not.toContain('interpreter.py');
  });

  it.each([
    ['a module that is not there', ['import torch.nn'], 'FER6001', /packages_to_install/],
    ['an exit', ['import sys', 'sys.exit(3)'], 'FER6008', /sys\.exit/],
    ['a signal', ['import os', 'os.kill(os.getpid(), 11)'], 'FER6009', /machine code/],
    ['too little memory', ['raise MemoryError()'], 'FER6010', /hold less/],
  ])('are told of with what helps: %s', async (_, lines, code, fix) => {
    expect(await failureOf({ source: body(...lines) })).toMatchObject({
      code,
      fix: expect.stringMatching(fix),
    });
  });

  it('tell of a fault in their syntax by its words', async () => {
    expect(await failureOf({ source: body('return a b') })).toMatchObject({
      problem: 'SyntaxError: invalid syntax',
      stack: expect.stringContaining('return a b'),
    });
  });

  it('fail where they return a number that JSON does not have', async () => {
    const source = 'def f() -> float:\n    return float("nan")\n';
    expect(await failureOf({ source, returns: { Output: 'NUMBER_DOUBLE' } })).toMatchObject({
      code: 'FER6018',
      problem: 'the component gave NaN, which JSON cannot hold',
    });
  });

  it('fail where they return another type, or nothing', async () => {
    expect(await failureOf({ source: body('return 1') })).toMatchObject({
      problem: expect.stringContaining('returned value of type'),
    });
    expect(await failureOf({ source: body('pass') })).toMatchObject({ code: 'FER6004' });
  });

  it('that crash take no other task down', async () => {
    const slow = run({ source: body('import time', 'time.sleep(1)', 'return "well"') });
    await wait(300);
    await Promise.all([
      run({ source: body('import os', 'os.kill(os.getpid(), 9)') }),
      run({ source: body('import os', 'os.abort()') }),
    ]);
    expect(outputOf(await slow)).toBe('well');
  });

  it('go on where their interpreter was killed: the next task gets another', async () => {
    const source = body('import os', 'return str(os.getppid())');
    const parent = Number(outputOf(await run({ source })));
    const waiting = failureOf({ source: body('import time', 'time.sleep(30)') });
    await wait(300);
    process.kill(parent, 'SIGKILL');
    expect(await waiting).toMatchObject({ code: 'FER6015', kind: 'infrastructure', retryable: true });
    expect(Number(outputOf(await run({ source })))).not.toBe(parent);
  });

  it('are asked to end at their timeout, and then killed with all that they started', async () => {
    const file = join(scratch, 'child');
    const source = body(
      'import signal, subprocess, time',
      'signal.signal(signal.SIGTERM, lambda *_: print("asked"))',
      'child = subprocess.Popen(["sleep", "60"])',
      `open(${JSON.stringify(file)}, "w").write(str(child.pid))`,
      'while True: time.sleep(1)',
    );
    const log = keptLog();
    expect(await failureOf({ source, timeoutSeconds: 1 }, log)).toMatchObject({ code: 'FER6011' });
    expect(log.lines).toEqual(['asked']);
    const child = Number(await readFile(file, 'utf8'));
    await expect.poll(() => isRunning(child), { timeout: 5000 }).toBe(false);
  });

  it('end when they are cancelled', async () => {
    const cancel = new AbortController();
    const running = run({ source: body('import time', 'time.sleep(60)'), signal: cancel.signal });
    await wait(300);
    cancel.abort();
    expect(await running).toEqual({ kind: 'cancelled' });
  });

  it('have what they leave running ended with them', async () => {
    const source = body('import subprocess', 'return str(subprocess.Popen(["sleep", "60"]).pid)');
    const start = performance.now();
    const child = Number(outputOf(await run({ source })));
    expect(performance.now() - start).toBeLessThan(5000);
    await expect.poll(() => isRunning(child), { timeout: 5000 }).toBe(false);
  });

  it('refuse what only pods have', () => {
    const container = pythonContainer(body('return "a"'));
    const secret = { secretAsEnv: [{ secretName: 's', keyToEnv: [{ secretKey: 'k', envVar: 'K' }] }] };
    expect(runner.refuse(container, undefined, secret)).toMatchObject({ code: 'FER6026' });
    expect(runner.refuse(container, undefined, { tolerations: [{ key: 'gpu' }] })).toBeUndefined();
    expect(runner.leavesOut?.(container, { tolerations: [{ key: 'gpu' }] })).toEqual(['tolerations']);
  });

  it('are keyed on the interpreter, all packages that it loads, and the source', async () => {
    const container = pythonContainer(body('return "a"'));
    expect(await runner.environmentOf?.(container, undefined)).toMatchObject({
      kind: 'known',
      interpreter: expect.stringMatching(/^CPython 3\.\d+\.\d+ /),
      packages: { kfp: '2.17.0', typing_extensions: expect.anything() },
      source: container.command?.[3],
    });
  });

  describe('without forks, as on systems that do not bear them', () => {
    let tasks: PythonTasks;
    beforeAll(() => {
      tasks = pythonTasks({
        folder: join(scratch, 'fresh'),
        program: join(root, 'runners/local/python/interpreter.py'),
        env: { FERRULE_PYTHON: kfpPython },
        base: { PATH: process.env['PATH'] ?? '' },
        cwd: scratch,
        grace: 300,
        forks: false,
      });
    });
    afterAll(() => tasks.close());

    it('run all the same', async () => {
      const log = keptLog();
      const source = body('print("printed")', 'return "a"');
      expect(outputOf(await tasks.run(await pythonAttemptOf({ source }), log))).toBe('a');
      expect(log.lines).toEqual(['printed']);
    });

    it('tell of failures all the same', async () => {
      const source = body('raise KeyError("k")');
      const outcome = await tasks.run(await pythonAttemptOf({ source }), keptLog());
      expect(outcome).toMatchObject({
        kind: 'failed',
        failure: { code: 'FER6001', problem: "KeyError: 'k'" },
      });
    });
  });
});

describe('Where there is no Python', () => {
  it('a Python component says so, and what to do', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ferrule-no-python-'));
    const runner = localRunner({
      bundles: { folderOf: async () => undefined },
      env: { PATH: folder },
      pythonFolder: folder,
    });
    const attempt = await pythonAttemptOf({ source: 'def f() -> str:\n    return "a"\n' });
    expect(await runner.start(attempt, keptLog())).toMatchObject({
      kind: 'failed',
      failure: { code: 'FER6030', fix: expect.stringContaining('FERRULE_PYTHON'), retryable: false },
    });
    await runner.close();
  });
});
