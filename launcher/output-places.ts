/** The folders that a component may take for granted. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { localPathOf, type ExecutorInput } from '../spec/index.ts';

/** Makes the folders around all outputs. What an output itself is, a file or a folder, is up to the component. */
export async function makeOutputFolders({ outputs }: ExecutorInput): Promise<void> {
  const artifacts = Object.values(outputs.artifacts ?? {}).flatMap((list) => list.artifacts);
  const files = Object.values(outputs.parameters ?? {}).map(({ outputFile }) => outputFile);
  const folders = [outputs.outputFile, ...files, ...artifacts.map(localPathOf)].map((file) => dirname(file));
  for (const folder of new Set(folders)) await mkdir(folder, { recursive: true });
}
