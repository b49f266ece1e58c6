/** Tells which artifacts the tasks of a run were given: a log says only what they made. */
import type { CompiledPipeline } from '../spec/index.ts';
import type { ArtifactRecord, RunEvent } from './events.ts';
import { loadExpressions } from './graph/expressions.ts';
import { createMachine } from './graph/machine.ts';

export interface InputWatch {
  /** Takes the events of a run's log, in their order. */
  apply(event: RunEvent): void;
  /** The artifacts that a task was given, by its path: none before it was looked up. */
  artifactsOf(task: string): Readonly<Record<string, readonly ArtifactRecord[]>>;
}

/** Starts to watch a run, from the beginning of its log. */
export async function watchInputs(compiled: CompiledPipeline): Promise<InputWatch> {
  await loadExpressions(compiled.spec);
  // Where the root is says nothing of artifacts.
  const machine = createMachine(compiled, '');
  const found = new Map<string, Readonly<Record<string, readonly ArtifactRecord[]>>>();
  return {
    apply(event) {
      machine.apply(event);
      // What would follow from it is in the log already.
      machine.take();
      // An iteration of a loop is forgotten once it is done.
      if (event.kind === 'cache-checked') {
        const artifacts = machine.artifactsFor(event.task);
        if (Object.keys(artifacts).length > 0) found.set(event.task, artifacts);
      }
    },
    artifactsOf: (task) => found.get(task) ?? {},
  };
}
