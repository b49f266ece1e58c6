/** Python components on this machine: their environments, their warm interpreters, their attempts. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Attempt, HostEnvironment, LogSink, Making, Outcome } from '../../../engine/ports.ts';
import { messageOf } from '../../../errors/index.ts';
import { pick, type Environment } from '../../../executor/own-environment.ts';
import { secretMask } from '../../../executor/secret-mask.ts';
import { taskLog } from '../../../executor/task-log.ts';
import type { ContainerSpec } from '../../../spec/index.ts';
import { runnerFailure } from '../attempt-failure.ts';
import { startReaper, type Reaper } from '../reaper.ts';
import { environments, type PythonEnvironment } from './environments.ts';
import { pythonVariable } from './find-interpreter.ts';
import { chosenPython } from './look-for-python.ts';
import { startInterpreter, type InterpreterProcess } from './interpreter-process.ts';
import { pythonComponentOf } from './python-component.ts';
import { runPythonAttempt } from './run-python-attempt.ts';

export interface PythonOptions {
  /** Keeps environments and sources of components. */
  readonly folder: string;
  /** The Python program of interpreter processes. */
  readonly program: string;
  /** The environment of the command line. */
  readonly env: Environment;
  /** What each task is given of it. */
  readonly base: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly grace: number;
  /** Whether tasks are forks of a warm interpreter. @default on Linux: the system libraries of others do not bear it */
  readonly forks?: boolean;
}

export interface PythonTasks {
  /** Whether a container is a Python component that runs without its image. */
  knows(container: ContainerSpec): boolean;
  environmentOf(container: ContainerSpec, making: Making | undefined): Promise<HostEnvironment>;
  run(attempt: Attempt, sink: LogSink): Promise<Outcome>;
  close(): Promise<void>;
}

export function pythonTasks(options: PythonOptions): PythonTasks {
  const { base, cwd, env, folder } = options;
  const made = environments({
    folder,
    python: chosenPython(env[pythonVariable], cwd),
    base,
    pip: pick(
      env,
      Object.keys(env).filter((name) => name.startsWith('PIP_')),
    ),
    cwd,
  });
  const interpreters = new Map<string, InterpreterProcess>();
  let reaper: Reaper | undefined;

  const variablesOf = ({ python, folder: home }: PythonEnvironment): Record<string, string> => ({
    ...base,
    PATH: [dirname(python), base['PATH']].filter((part) => part !== undefined).join(':'),
    ...(home !== undefined && { VIRTUAL_ENV: home }),
    _KFP_RUNTIME: 'true',
  });
  const interpreterOf = (environment: PythonEnvironment, module: string): InterpreterProcess => {
    const key = `${module} ${environment.python}`;
    const warm = interpreters.get(key);
    if (warm?.isAlive === true) return warm;
    reaper ??= startReaper();
    const interpreter = startInterpreter({
      python: environment.python,
      file: options.program,
      module,
      forks: options.forks ?? process.platform === 'linux',
      env: variablesOf(environment),
      reaper,
    });
    interpreters.set(key, interpreter);
    return interpreter;
  };
  const sources = sourceFiles(join(folder, 'programs'));

  return {
    knows: (container) => pythonComponentOf(container) !== undefined,
    async environmentOf(container, making) {
      const component = pythonComponentOf(container);
      if (component === undefined) return { kind: 'unknown', reason: 'it is no Python component' };
      try {
        const found = made.of(container, component, {
          make: making !== undefined,
          tell: (text) => making?.tell(text),
        });
        const environment = await untilAborted(found, making?.signal);
        if (environment === 'aborted') return { kind: 'unknown', reason: 'the run was cancelled' };
        if (environment === undefined)
          return { kind: 'unknown', reason: 'its Python packages are not installed here yet' };
        const holdings = await interpreterOf(environment, component.module).holdings;
        if (holdings === undefined) return { kind: 'unknown', reason: 'its Python does not start' };
        const { interpreter, packages, loose } = holdings;
        if (loose.length > 0)
          return {
            kind: 'unknown',
            reason: `its Python has packages installed for editing, which may change at any time: ${loose.join(', ')}`,
          };
        return {
          kind: 'known',
          interpreter,
          packages,
          source: container.command?.[component.sourceAt] ?? '',
        };
      } catch (thrown) {
        return { kind: 'unknown', reason: messageOf(thrown) };
      }
    },
    async run(attempt, sink) {
      const component = pythonComponentOf(attempt.container);
      const log = taskLog(sink, secretMask([]));
      try {
        if (component === undefined) throw new Error('it is no Python component');
        const again = attempt.number > 1;
        const found = made.of(attempt.container, component, {
          make: true,
          again,
          tell: (text) => sink.line(text),
        });
        const environment = await untilAborted(found, attempt.signal);
        if (environment === 'aborted') return { kind: 'cancelled' };
        if (environment === undefined) throw new Error('its environment was not made');
        return await runPythonAttempt({
          attempt,
          component,
          python: environment.python,
          env: variablesOf(environment),
          cwd,
          write: sources,
          start: (request) =>
            interpreterOf(environment, component.module).run(request, (chunk) => log.write(chunk)),
          grace: options.grace,
        });
      } catch (thrown) {
        return { kind: 'failed', failure: runnerFailure(thrown) };
      } finally {
        log.end();
      }
    },
    async close() {
      await made.close();
      await Promise.all([...interpreters.values()].map((interpreter) => interpreter.close()));
      reaper?.close();
    },
  };
}

/** Waits for what goes on without whoever asked for it. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | 'aborted'> {
  if (signal === undefined) return promise;
  const over = new AbortController();
  const aborted = new Promise<'aborted'>((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: over.signal });
  });
  promise.catch(() => undefined);
  return Promise.race([promise, aborted]).finally(() => over.abort());
}

/** Writes sources to files that are named by their content, so that Python compiles each once. */
function sourceFiles(folder: string): (source: string) => Promise<string> {
  const written = new Map<string, Promise<string>>();
  const write = async (source: string, hash: string): Promise<string> => {
    const file = join(folder, hash, 'ephemeral_component.py');
    if (existsSync(file)) return file;
    await mkdir(dirname(file), { recursive: true });
    const aside = `${file}.${randomBytes(6).toString('hex')}`;
    await writeFile(aside, source);
    await rename(aside, file);
    return file;
  };
  return (source) => {
    const hash = createHash('sha256').update(source).digest('hex').slice(0, 32);
    const file = written.get(hash) ?? write(source, hash);
    written.set(hash, file);
    file.catch(() => written.delete(hash));
    return file;
  };
}
