/** One attempt of a Python component, from its environment to its outcome. */
import { join } from 'node:path';
import type { Attempt, Failure, Outcome } from '../../../engine/ports.ts';
import { collectOutputs } from '../../../executor/collect-outputs.ts';
import { timeoutFailure } from '../../../executor/timeout-failure.ts';
import { resolveContainer } from '../../../spec/index.ts';
import { watchForEnd } from '../ordered-end.ts';
import type { RunningTask, TaskEnd, TaskRequest } from './interpreter-process.ts';
import type { PythonComponent } from './python-component.ts';
import { endFailure, failureFile, readThrown, thrownFailure, troubleFailure } from './python-failure.ts';

export interface PythonAttempt {
  readonly attempt: Attempt;
  readonly component: PythonComponent;
  /** The environment's program. */
  readonly python: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Writes a component's source to a file. */
  readonly write: (source: string) => Promise<string>;
  readonly start: (request: TaskRequest) => RunningTask;
  /** Milliseconds that it has to end after it was asked to. */
  readonly grace: number;
}

/** Runs an attempt. When it resolves, its process and what that started are gone. */
export async function runPythonAttempt(run: PythonAttempt): Promise<Outcome> {
  const { attempt, component, python } = run;
  const resolved = resolveContainer(attempt.container, attempt.input, attempt);
  const own = Object.fromEntries(resolved.env.map(({ name, value }) => [name, value]));
  const program = await run.write(resolved.command[component.sourceAt] ?? '');
  const failure = join(attempt.folder, failureFile);
  if (attempt.signal.aborted) return { kind: 'cancelled' };
  const task = run.start({
    module: component.module,
    argv: ['--component_module_path', program, ...resolved.args],
    program,
    env: { ...run.env, ...own },
    cwd: run.cwd,
    failure,
    fresh: Object.keys(own).some((name) => /^(?:PYTHON|LD_|DYLD_|MALLOC_)/.test(name)),
  });
  const end = watchForEnd(attempt, {
    ask: () => task.signal('SIGTERM'),
    kill: () => task.signal('SIGKILL'),
    grace: run.grace,
  });
  const ended = await task.ended;
  const thrown = readThrown(failure);
  switch (end.settle()) {
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'timeout':
      return failed(timeoutFailure(attempt));
    case undefined:
      break;
  }
  if (ended.kind === 'unstarted' || ended.kind === 'broken') return failed(troubleFailure(ended, python));
  if (thrown !== undefined) return failed(thrownFailure(thrown, attempt.container.image, program));
  if (!endedWell(ended)) return failed(endFailure(ended));
  return { kind: 'succeeded', output: await collectOutputs(attempt.component, attempt.input) };
}

function endedWell(end: TaskEnd): boolean {
  return end.kind === 'exited' && end.code === 0;
}

function failed(failure: Failure): Outcome {
  return { kind: 'failed', failure };
}
