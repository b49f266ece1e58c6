/** Output artifacts: what a component's body gets as its second argument, and what became of them. */
import { mkdir, open, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../errors/ferrule-error.ts';
import type { ArtifactObject } from '../sdk/artifact-object.ts';
import type { ArtifactList, ExecutorInput, RuntimeArtifact } from '../spec/executor-io.ts';
import type { JsonValue } from '../spec/json.ts';
import { objectOf } from './component-inputs.ts';
import { asJson } from './json-values.ts';
import type { SecretMask } from './secret-mask.ts';

/** These say all they have to say in their metadata; a file is up to the component. */
const metadataOnly: readonly (string | undefined)[] = [
  'system.Metrics',
  'system.ClassificationMetrics',
  'system.SlicedClassificationMetrics',
];

/** One output artifact: what it was asked to be, and the object that the body writes to. */
export interface OutputArtifact {
  readonly name: string;
  readonly asked: RuntimeArtifact;
  readonly object: ArtifactObject;
}

/** Makes the output artifacts, and the folders that they lie in. */
export async function prepareOutputs({ outputs }: ExecutorInput): Promise<readonly OutputArtifact[]> {
  const made = Object.entries(outputs.artifacts ?? {}).flatMap(([name, { artifacts }]) =>
    artifacts.slice(0, 1).map((asked) => ({ name, asked, object: objectOf(asked) })),
  );
  const folders = new Set(made.map(({ object }) => dirname(object.path)));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  return made;
}

/** Gives the object a body takes: one field an artifact. */
export function outputObject(made: readonly OutputArtifact[]): Readonly<Record<string, ArtifactObject>> {
  return Object.freeze(Object.fromEntries(made.map(({ name, object }) => [name, object])));
}

/**
 * Reads what the body left: each artifact's metadata.
 * @throws UserError FER6005 where nothing was written, FER6004 for metadata that is no JSON, FER6006 for a secret
 */
export async function finishOutputs(
  made: readonly OutputArtifact[],
  secrets: SecretMask,
): Promise<Record<string, ArtifactList>> {
  const finished = made.map(async ({ name, asked, object }) => {
    const metadata = metadataOf(object.metadata, name);
    if (secrets.isIn(metadata)) throw leak(`the metadata of the output artifact "${name}"`);
    await requireContent(name, asked, object);
    if (!secrets.isEmpty && (await holds(object.path, secrets.needles)))
      throw leak(`the output artifact "${name}"`);
    // KFP's launcher adds the type from the component's interface.
    const artifact = { name: asked.name, uri: asked.uri, metadata };
    return [name, { artifacts: [artifact] }] as const;
  });
  return Object.fromEntries(await Promise.all(finished));
}

function metadataOf(metadata: unknown, name: string): Readonly<Record<string, JsonValue>> {
  const json = asJson(metadata, `the metadata of the output artifact "${name}"`);
  // An object's JSON is an object: only its type says less.
  return json as Readonly<Record<string, JsonValue>>;
}

async function requireContent(name: string, asked: RuntimeArtifact, { path }: ArtifactObject): Promise<void> {
  if (metadataOnly.includes(asked.type?.schemaTitle)) return;
  if (await exists(path)) return;
  throw new UserError('FER6005', {
    problem: `the component declares the output artifact "${name}", and wrote nothing to it`,
    fix: `write a file to out.${name}.path, or make a folder there and write into it`,
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

/** Tells that an output would carry a secret into the store. */
export function leak(what: string): UserError {
  return new UserError('FER6006', {
    problem: `${what} holds the value of a variable that is named in secretEnv: it was not kept`,
    fix: 'leave the secret out of what the component returns and writes',
  });
}

const chunkBytes = 1 << 20;

/** Whether a file, or any file of a folder, holds one of the texts. Links are not followed. */
async function holds(path: string, needles: readonly Buffer[]): Promise<boolean> {
  if (!(await exists(path))) return false;
  if (!(await stat(path)).isDirectory()) return fileHolds(path, needles);
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true }))
    if (entry.isFile() && (await fileHolds(join(entry.parentPath, entry.name), needles))) return true;
  return false;
}

async function fileHolds(path: string, needles: readonly Buffer[]): Promise<boolean> {
  const overlap = Math.max(...needles.map((needle) => needle.length)) - 1;
  const buffer = Buffer.alloc(chunkBytes + overlap);
  const file = await open(path);
  try {
    let kept = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, kept, chunkBytes);
      if (bytesRead === 0) return false;
      const piece = buffer.subarray(0, kept + bytesRead);
      if (needles.some((needle) => piece.includes(needle))) return true;
      // The end of this piece may be the start of a text that goes on in the next.
      const tail = piece.subarray(Math.max(0, piece.length - overlap));
      tail.copy(buffer);
      kept = tail.length;
    }
  } finally {
    await file.close();
  }
}
