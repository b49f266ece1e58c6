/** Checks tasks that run although others failed: exit tasks, and those with `ignoreUpstreamFailure`. */
import type { Diagnostics } from '../../diagnostics.ts';
import type { ExitCalls } from './exit-calls.ts';
import { producersOf } from '../producers.ts';
import { refText } from '../ref.ts';
import { refsOfTask } from '../task-refs.ts';
import { childText, type ExitGroup } from './traced-group.ts';
import type { TracedTask } from '../traced-task.ts';
import type { Waits } from './waits.ts';

/** Reports what KFP could not run. */
export function checkEndings(
  tasks: readonly TracedTask[],
  exits: Pick<ExitCalls, 'exitTasks' | 'isNamed'>,
  waits: Waits,
  diagnostics: Diagnostics,
): void {
  const { exitTasks } = exits;
  for (const task of tasks) {
    checkUseOfExitTasks(task, exitTasks, diagnostics);
    if (exitTasks.has(task)) checkExitTask(task, diagnostics);
    else if (task.options.ignoreUpstreamFailure) checkIgnoring(task, waits, diagnostics);
    else if (hasFinalStatus(task) && !exits.isNamed(task))
      diagnostics.add('FER2033', {
        at: task.place(),
        problem: `"${task.name}" takes a FinalStatus, and waits for no end of anything`,
        fix: 'make it the task of onExit(task, ...), or give it the option ignoreUpstreamFailure: true',
      });
  }
}

function checkUseOfExitTasks(
  task: TracedTask,
  exitTasks: ReadonlyMap<TracedTask, ExitGroup>,
  diagnostics: Diagnostics,
): void {
  const waited = task.after.filter((other) => other.kind === 'task');
  const used = [...waited, ...refsOfTask(task).flatMap((ref) => producersOf(ref))].find((other) =>
    exitTasks.has(other),
  );
  if (used !== undefined)
    diagnostics.add('FER2031', {
      at: task.place(),
      problem: `"${task.name}" waits for "${used.name}", an exit task, which runs at the very end`,
      fix: 'use another task',
    });
}

function checkExitTask(task: TracedTask, diagnostics: Diagnostics): void {
  const ref = refsOfTask(task).find((given) => producersOf(given).length > 0);
  const waited = task.after[0];
  if (ref === undefined && waited === undefined) return;
  diagnostics.add('FER2031', {
    at: task.place(),
    problem: `the exit task "${task.name}" ${ref === undefined ? `waits for ${waited === undefined ? '' : childText(waited)}` : `takes ${refText(ref)}`}: it runs whatever happened, so it can depend on no task`,
    fix: 'give it parameters and constants; a FinalStatus tells it what happened',
  });
}

function checkIgnoring(task: TracedTask, waits: Waits, diagnostics: Diagnostics): void {
  for (const port of task.component.inputs) {
    const binding = task.inputs.get(port.name);
    if (binding?.kind !== 'ref' || port.optional || producersOf(binding.ref).length === 0) continue;
    diagnostics.add('FER2033', {
      at: task.place(),
      problem: `"${task.name}" ignores failures, and its input "${port.name}" needs ${refText(binding.ref)}, which a task that failed does not give`,
      fix: `make the input optional, or give it a default: ${port.name}?: ...`,
    });
  }
  const count = waits.get(task)?.size ?? 0;
  if (hasFinalStatus(task) && count !== 1)
    diagnostics.add('FER2033', {
      at: task.place(),
      problem: `"${task.name}" takes a FinalStatus, and waits for ${count === 0 ? 'nothing' : `${count} tasks`}${task.group.kind === 'root' ? '' : ' in its loop or branch'}: it must be exactly one`,
      fix: 'name the one task in `after`, or take one output',
    });
}

function hasFinalStatus(task: TracedTask): boolean {
  return task.component.inputs.some(({ type }) => type.kind === 'finalStatus');
}
