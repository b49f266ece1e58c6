import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { messageOf } from '../../errors/index.ts';
import type {
  ArtifactRecord,
  ArtifactStore,
  AttemptKey,
  AttemptPlaces,
  AttemptResult,
  Verification,
} from '../../engine/ports.ts';
import { digestOf, hexOf, type ComponentSpec } from '../../spec/index.ts';
import { storing } from '../failure.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { openAttemptLog } from './attempt-log.ts';
import { attemptFolder, belowRoot, outputName, ownFolder } from './attempt-folder.ts';
import { digestContent, findFiles, type FileMark } from './content.ts';
import { sealOutputs } from './seal.ts';

/** Keeps artifacts in the folders of the attempts that made them, under a root that is a folder. */
export function diskArtifacts(root: string, objects: ObjectStore): ArtifactStore {
  const resultKey = (attempt: AttemptKey): string => `${attemptFolder(attempt)}/result.json`;
  const result = async (attempt: AttemptKey): Promise<AttemptResult | undefined> => {
    const object = await objects.read(resultKey(attempt));
    return object === undefined ? undefined : (JSON.parse(object.content) as AttemptResult);
  };
  return {
    places: (attempt, component) => placesOf(root, attempt, component),
    prepare: (attempt, component) =>
      storing(`preparing ${attemptFolder(attempt)}`, async () => {
        const places = placesOf(root, attempt, component);
        const base = belowRoot(root, attemptFolder(attempt));
        // What mkdir made is new; what was there may hold what a dead driver's attempt left.
        const made = await mkdir(places.folder, { recursive: true });
        if (made === undefined || made.length > base.length) {
          await rm(base, { recursive: true, force: true });
          await mkdir(places.folder, { recursive: true });
        }
        return places;
      }),
    openLog: (attempt) => openAttemptLog(belowRoot(root, `${attemptFolder(attempt)}/log.txt`)),
    seal: (attempt, component, output, options) =>
      storing(`keeping the outputs of ${attempt.task}`, async () => {
        const folder = attemptFolder(attempt);
        const sealed = await sealOutputs({ attempt, component, output, options, root, folder });
        const fresh: AttemptResult = {
          kind: 'succeeded',
          outputs: sealed.outputs,
          ...(options.uncacheable !== undefined && { uncacheable: options.uncacheable }),
        };
        for (const [uri, marks] of sealed.marks) await writeMarks(root, uri, marks);
        const outcome = await objects.create(resultKey(attempt), `${JSON.stringify(fresh)}\n`);
        return outcome === 'created' ? fresh : ((await result(attempt)) ?? fresh);
      }),
    result,
    verify: (artifact) => verify(root, artifact),
    locate: (uri) => (isOutside(uri) ? uri : belowRoot(root, uri)),
  };
}

function placesOf(root: string, attempt: AttemptKey, component: ComponentSpec): AttemptPlaces {
  const base = belowRoot(root, attemptFolder(attempt));
  const own = join(base, ownFolder);
  const definitions = component.outputDefinitions;
  return {
    folder: join(own, 'work'),
    outputs: {
      outputFile: join(own, 'executor-output.json'),
      parameters: Object.fromEntries(
        Object.keys(definitions?.parameters ?? {}).map((name) => [
          name,
          { outputFile: join(own, `parameter-${outputName(name, undefined)}`) },
        ]),
      ),
      artifacts: Object.fromEntries(
        Object.entries(definitions?.artifacts ?? {}).map(([name, { artifactType }]) => [
          name,
          {
            artifacts: [
              { name, type: artifactType, uri: join(base, outputName(name, artifactType)), metadata: {} },
            ],
          },
        ]),
      ),
    },
  };
}

async function verify(root: string, artifact: ArtifactRecord): Promise<Verification> {
  if (isOutside(artifact.uri)) return { kind: 'stale', reason: `"${artifact.name}" lies outside the root` };
  if (artifact.files === 0 && !artifact.folder) return { kind: 'intact' };
  try {
    const path = belowRoot(root, artifact.uri);
    const there = await findFiles(path);
    if (there === undefined) return { kind: 'stale', reason: `${artifact.uri} is gone` };
    if (sameMarks(there.files, await readMarks(root, artifact.uri))) return { kind: 'intact' };
    const now = await digestContent(path);
    if (now === undefined || now.content.digest !== artifact.digest)
      return { kind: 'stale', reason: `${artifact.uri} was changed` };
    // Best effort: without fresh marks the next look reads everything again, and comes to the same answer.
    await writeMarks(root, artifact.uri, now.marks).catch(() => undefined);
    return { kind: 'intact' };
  } catch (error) {
    return { kind: 'stale', reason: `${artifact.uri} cannot be read: ${messageOf(error)}` };
  }
}

function isOutside(uri: string): boolean {
  return isAbsolute(uri) || /^[a-z][a-z0-9+.-]*:\/\//.test(uri);
}

/** Where the marks of an artifact's files lie: in its run's folder, where no artifact can be. */
function marksFile(root: string, uri: string): string {
  const [runs = '', run = ''] = uri.split('/');
  return belowRoot(root, `${runs}/${run}/.marks/${hexOf(digestOf(uri)).slice(0, 32)}.json`);
}

async function writeMarks(root: string, uri: string, marks: readonly FileMark[]): Promise<void> {
  if (marks.length === 0) return;
  const file = marksFile(root, uri);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(marks));
}

async function readMarks(root: string, uri: string): Promise<readonly FileMark[] | undefined> {
  try {
    return JSON.parse(await readFile(marksFile(root, uri), 'utf8')) as FileMark[];
  } catch {
    return undefined;
  }
}

function sameMarks(files: readonly FileMark[], marks: readonly FileMark[] | undefined): boolean {
  if (marks === undefined || !Array.isArray(marks) || marks.length !== files.length) return false;
  return files.every((file, index) => {
    const mark = marks[index];
    return (
      mark?.path === file.path &&
      mark.size === file.size &&
      mark.modified === file.modified &&
      mark.changed === file.changed
    );
  });
}
