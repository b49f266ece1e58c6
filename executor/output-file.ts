/** The file that tells KFP's launcher what a component gave back. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ExecutorOutput } from '../spec/executor-io.ts';

/** Writes an executor output beside its place and renames it there, so that it is whole or absent. */
export async function writeOutputFile(file: string, output: ExecutorOutput): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(aside, JSON.stringify(output));
    await rename(aside, file);
  } catch (thrown) {
    await rm(aside, { force: true });
    throw thrown;
  }
}

/**
 * Whether this process is the one of a distributed job that writes the outputs. Vertex AI describes such a job in
 * `CLUSTER_SPEC`; everywhere else there is one process.
 */
export function isChief(clusterSpec: string | undefined): boolean {
  if (clusterSpec === undefined || clusterSpec === '') return true;
  const { task } = JSON.parse(clusterSpec) as { task?: { type?: string } };
  return task?.type === undefined || ['workerpool0', 'chief', 'master'].includes(task.type);
}
