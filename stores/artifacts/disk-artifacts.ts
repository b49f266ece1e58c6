import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../../errors/index.ts';
import type {
  ArtifactRecord,
  ArtifactStore,
  Assignment,
  AttemptKey,
  AttemptPlaces,
  AttemptResult,
  Verification,
} from '../../engine/ports.ts';
import { digestOf, hexOf, type ComponentSpec, type ExecutorOutput } from '../../spec/index.ts';
import { storing } from '../failure.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { assignmentsIn } from './assignments.ts';
import { attemptFolder, belowRoot, ownFolder } from './attempt-folder.ts';
import type { AttemptStaging, StageOutOptions } from './attempt-staging.ts';
import { digestContent, findFiles, sameMarks, type FileMark } from './content.ts';
import { diskLogReader, openDiskLog } from './disk-log.ts';
import type { LogReader } from './log-reader.ts';
import { isOutside, placesBelow } from './places.ts';
import { resultsIn } from './results.ts';
import { sealOutputs } from './seal.ts';

/** The artifacts of one root, for drivers and for attempts that stage for themselves. */
export interface RootArtifacts {
  readonly artifacts: ArtifactStore;
  readonly staging: AttemptStaging;
  /** Opens the log of an attempt for reading. */
  readonly readLog: (attempt: AttemptKey) => LogReader;
}

/**
 * Keeps artifacts in the folders of the attempts that made them, under a root that is a folder. An attempt that
 * stages for itself works on the same paths.
 * @param fetchOutside brings what lies in an object store to this machine; any other URI is given back as it is
 */
export function diskArtifacts(
  root: string,
  objects: ObjectStore,
  fetchOutside: (uri: string) => Promise<string>,
): RootArtifacts {
  const results = resultsIn(objects);
  const assignments = assignmentsIn(objects);
  const logFile = (attempt: AttemptKey): string => belowRoot(root, `${attemptFolder(attempt)}/log.txt`);
  const locate = (uri: string): string => (isOutside(uri) ? uri : belowRoot(root, uri));
  const seal = (
    attempt: AttemptKey,
    component: ComponentSpec,
    output: ExecutorOutput,
    options: StageOutOptions & { readonly strict: boolean },
  ): Promise<AttemptResult> =>
    storing(`keeping the outputs of ${attempt.task}`, async () => {
      const { strict, ...more } = options;
      const folder = attemptFolder(attempt);
      const { outputs, sealed } = await sealOutputs({
        attempt,
        component,
        output,
        strict,
        rootUri: root,
        localRoot: root,
        folder,
        keep: (path) => digestContent(path),
      });
      for (const { record, kept } of sealed)
        if (kept !== undefined) await writeMarks(root, record.uri, kept.marks);
      return results.keep(attempt, { kind: 'succeeded', outputs, ...more });
    });
  return {
    artifacts: {
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
      assign: assignments.write,
      fetch: ({ uri }) => (isOutside(uri) ? fetchOutside(uri) : Promise.resolve(locate(uri))),
      openLog: (attempt, isNew) => openDiskLog(logFile(attempt), isNew),
      seal,
      result: results.read,
      verify: (artifact) => verify(root, artifact),
      locate,
    },
    staging: {
      readAssignment: assignments.read,
      stageIn: ({ attempt, component }: Assignment) =>
        storing(`preparing ${attemptFolder(attempt)}`, async () => {
          await mkdir(placesOf(root, attempt, component).folder, { recursive: true });
        }),
      stageOut: ({ attempt, component, strict }, output, options) =>
        seal(attempt, component, output, { ...options, strict }),
      keepResult: results.keep,
    },
    readLog: (attempt) => diskLogReader(logFile(attempt)),
  };
}

function placesOf(root: string, attempt: AttemptKey, component: ComponentSpec): AttemptPlaces {
  const base = belowRoot(root, attemptFolder(attempt));
  return placesBelow(base, join(base, ownFolder), component);
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
