import { rm } from 'node:fs/promises';
import type { ExecutorInput } from '../spec/executor-io.ts';
import { localPathOf } from '../spec/local-path.ts';

/** Removes the output artifacts that a task wrote to this machine. */
export async function removeOutputs({ outputs }: ExecutorInput): Promise<void> {
  const artifacts = Object.values(outputs.artifacts ?? {}).flatMap((list) => list.artifacts);
  for (const artifact of artifacts) await rm(localPathOf(artifact), { recursive: true, force: true });
}
