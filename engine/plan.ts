import { InternalError } from '../errors/index.ts';
import type { TaskKind } from './events.ts';
import type { EnginePorts } from './ports.ts';
import type { RunRequest } from './request.ts';

/** What a run would do, without doing it. */
export interface Plan {
  readonly pipeline: string;
  readonly tasks: readonly PlannedTask[];
}

export interface PlannedTask {
  /** The task's path. */
  readonly name: string;
  readonly kind: TaskKind;
  readonly component: string;
  /** `unknown`: it depends on what a task that will run gives. */
  readonly decision: 'hit' | 'run' | 'unknown' | 'skip';
  readonly reason: string;
}

/** Tells what a run would do, task by task, and why. Runs nothing and writes nothing. */
export function planRun(_request: RunRequest, _ports: EnginePorts): Promise<Plan> {
  throw new InternalError('FER4000', { problem: 'planning is not there yet' });
}
