/** Copies what was imported into the folder that the tasks of a run share. */
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { RuntimeArtifact } from '../spec/executor-io.ts';
import { inWorkspace, localPathOf } from '../spec/local-path.ts';
import { workspaceMount } from '../spec/local-path.ts';

/**
 * Copies data to where KFP's rules say that an artifact lies in the shared folder. A copy that is there already, such as
 * that of another importer or of a driver before this one, is replaced; nobody ever sees half of one.
 * @param folder the shared folder, as it lies on this machine
 * @param from where the data lies on this machine
 * @throws Error of the file system
 */
export async function copyIntoWorkspace(
  folder: string,
  artifact: Pick<RuntimeArtifact, 'name' | 'uri' | 'type'>,
  from: string,
): Promise<void> {
  const place = localPathOf({ ...artifact, metadata: { [inWorkspace]: true } });
  const target = path.join(folder, path.relative(workspaceMount, place));
  const aside = `${target}.part`;
  await mkdir(path.dirname(target), { recursive: true });
  await rm(aside, { recursive: true, force: true });
  await cp(from, aside, { recursive: true, dereference: true });
  await rm(target, { recursive: true, force: true });
  await rename(aside, target);
}
