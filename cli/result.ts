/** What `--json` prints of a run: one object, the same for run, resume and show. */
import type { ArtifactRecord, Failure, Outputs } from '../engine/events.ts';
import type { RunState, TaskState } from '../engine/run-state.ts';
import type { JsonValue } from '../spec/json.ts';

/** An artifact as scripts see it. */
interface ArtifactResult {
  readonly type: string;
  /** An absolute path, or the URI of an object. */
  readonly uri: string;
  readonly digest?: string;
  /** Bytes. */
  readonly size: number;
  readonly metadata: Readonly<Record<string, JsonValue>>;
}

type OutputResult = JsonValue | ArtifactResult | readonly ArtifactResult[];

interface TaskResult {
  readonly name: string;
  readonly status: TaskState['status'];
  readonly cache: 'hit' | 'miss' | 'off';
  readonly reason?: string;
  /** Why its attempt cannot begin yet. */
  readonly waitingFor?: string;
  /** The machine it runs on, or ran on last. */
  readonly on?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly outputs: Readonly<Record<string, OutputResult>>;
  readonly error?: Pick<Failure, 'code' | 'problem' | 'fix'>;
}

export interface RunResult {
  readonly runId: string;
  readonly status: RunState['status'];
  readonly outputs: Readonly<Record<string, OutputResult>>;
  readonly tasks: readonly TaskResult[];
}

/** Turns a URI of a record into an absolute path or a whole URI. */
export type Locate = (uri: string) => string;

/** Writes a run's state as its result. */
export function resultOf(state: RunState, locate: Locate): RunResult {
  return {
    runId: state.runId,
    status: state.status,
    outputs: outputsResult(state.outputs, locate),
    tasks: state.tasks.map((task) => taskResult(task, locate)),
  };
}

function taskResult(task: TaskState, locate: Locate): TaskResult {
  const { name, status, reason, waitingFor, on, startedAt, endedAt, failure } = task;
  return {
    name,
    status,
    // A task that never came to ask had no use of the cache.
    cache: task.cache ?? 'off',
    ...(reason !== undefined && { reason }),
    ...(waitingFor !== undefined && { waitingFor }),
    ...(on !== undefined && { on }),
    ...(startedAt !== undefined && { startedAt }),
    ...(endedAt !== undefined && { endedAt }),
    outputs: task.outputs === undefined ? {} : outputsResult(task.outputs, locate),
    ...(failure !== undefined &&
      status === 'failed' && {
        error: {
          code: failure.code,
          problem: failure.problem,
          ...(failure.fix !== undefined && { fix: failure.fix }),
        },
      }),
  };
}

function outputsResult(outputs: Outputs, locate: Locate): Record<string, OutputResult> {
  const artifacts = Object.entries(outputs.artifacts).map(([name, records]): [string, OutputResult] => {
    const results = records.map((record) => artifactResult(record, locate));
    const [only] = results;
    return [name, results.length === 1 && only !== undefined ? only : results];
  });
  return { ...outputs.parameters, ...Object.fromEntries(artifacts) };
}

function artifactResult(record: ArtifactRecord, locate: Locate): ArtifactResult {
  return {
    type: record.type.schemaTitle ?? 'system.Artifact',
    uri: locate(record.uri),
    ...(record.digest !== undefined && { digest: record.digest }),
    size: record.size,
    metadata: record.metadata,
  };
}
