/** Makes artifacts for tests of stores. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRecord, AttemptResult } from '../../engine/ports.ts';
import { digestOf, type digestOfFolder } from '../../spec/index.ts';
import type { Root } from '../../stores/index.ts';
import { componentWriting, temporaryFolder } from './root-folder.ts';

/** The attempt whose outputs these tests seal. */
export const attempt = { runId: 'r1', task: 'inner/make', number: 1 };
export const strict = { strict: true };

/** Seals what `write` puts at the place of an attempt's one output. */
export async function sealOne(
  root: Root,
  write: (path: string) => Promise<unknown>,
  title = 'system.Dataset',
): Promise<ArtifactRecord> {
  const component = componentWriting({ data: title });
  const places = await root.artifacts.prepare(attempt, component);
  await write(places.outputs.artifacts?.['data']?.artifacts[0]?.uri ?? '');
  const result = await root.artifacts.seal(attempt, component, {}, strict);
  const record = outputsOf(result)[0];
  if (record === undefined) throw new Error('nothing was sealed');
  return record;
}

/** The one output of a result. */
export function outputsOf(result: AttemptResult): readonly ArtifactRecord[] {
  return result.kind === 'succeeded' ? (result.outputs.artifacts['data'] ?? []) : [];
}

/** Puts other content where an artifact lies, as somebody with another tool would. */
export async function overwrite(root: Root, key: string, content: string): Promise<void> {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, content);
  await root.files.upload(file, key);
}

/** Writes a folder with odd names, a link and an empty folder. */
export async function writeTree(path: string): Promise<void> {
  await mkdir(join(path, 'sub dir'), { recursive: true });
  await mkdir(join(path, 'empty'));
  await writeFile(join(path, 'sub dir/b#1?%20.txt'), 'b');
  await writeFile(join(path, 'ü.txt'), 'a');
  await symlink('sub dir/b#1?%20.txt', join(path, 'link.txt'));
}

/** A file as the digest of a folder sees it. */
export const entry = (path: string, text: string): Parameters<typeof digestOfFolder>[0][number] => ({
  path,
  size: text.length,
  digest: digestOf(text),
});
