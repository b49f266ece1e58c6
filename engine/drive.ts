import { InternalError } from '../errors/index.ts';
import type { EnginePorts } from './ports.ts';
import type { DriveOptions, RunRequest } from './request.ts';
import type { RunState } from './run-state.ts';

/**
 * Starts a run and drives it to its end. A task that fails is part of the state, not an error.
 * @throws UserErrors before anything starts, for a pipeline that cannot run here
 * @throws InfrastructureError FER4005 where another driver took the run over
 */
export function startRun(
  _request: RunRequest,
  _ports: EnginePorts,
  _options: DriveOptions = {},
): Promise<RunState> {
  throw new InternalError('FER4000', { problem: 'running is not there yet' });
}

/** Takes a run up where its log ends, and drives it to its end. One that has ended is returned as it is. */
export function resumeRun(
  _runId: string,
  _ports: EnginePorts,
  _options: DriveOptions = {},
): Promise<RunState> {
  throw new InternalError('FER4000', { problem: 'running is not there yet' });
}
