import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf } from '../../errors/index.ts';
import type { ArtifactRecord, ArtifactStore, AttemptKey, Verification } from '../../engine/ports.ts';
import { digestOfJson } from '../../spec/index.ts';
import type { FileStore, ListedFile } from '../files/file-store.ts';
import { storing } from '../failure.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { assignmentsIn } from './assignments.ts';
import { attemptFolder, checkedPath, ownFolder } from './attempt-folder.ts';
import { bucketLogReader, openBucketLog } from './bucket-log.ts';
import type { RootArtifacts } from './disk-artifacts.ts';
import type { LocalCopies } from './local-copies.ts';
import { objectMarks, type ObjectMark } from './object-marks.ts';
import type { OutsideArtifacts } from './outside-artifacts.ts';
import { isOutside, placesBelow } from './places.ts';
import { podStaging } from './pod-staging.ts';
import { resultsIn } from './results.ts';
import { sealInBucket } from './seal-in-bucket.ts';
import { downloadArtifact } from './transfer-artifact.ts';

/** What the artifacts of a bucket stand on. */
export interface BucketParts {
  /** The root's URI. */
  readonly uri: string;
  readonly objects: ObjectStore;
  readonly files: FileStore;
  /** A folder of this machine where attempts that the driver stages write, before it is uploaded. */
  readonly workFolder: string;
  readonly copies: LocalCopies;
  readonly outside: OutsideArtifacts;
  /** What stands before the paths of an attempt that stages for itself. @default nothing: they begin at `/` */
  readonly mount?: string;
}

/** Where, in a pod, everything of an attempt lies that is no artifact. */
const podFolder = '/ferrule-work';

/** Keeps artifacts in a bucket, under the folders of the attempts that made them. */
export function bucketArtifacts(parts: BucketParts): RootArtifacts {
  const { uri: root, objects, files, workFolder, copies, outside } = parts;
  const results = resultsIn(objects);
  const marks = objectMarks(objects);
  const assignments = assignmentsIn(objects);
  const logFolder = (attempt: AttemptKey): string => `${attemptFolder(attempt)}/log.txt`;
  const workOf = (attempt: AttemptKey): string => join(workFolder, attemptFolder(attempt));
  const places: ArtifactStore['places'] = (attempt, component, staging) =>
    staging === 'driver'
      ? placesBelow(workOf(attempt), join(workOf(attempt), ownFolder), component)
      : placesBelow(`${root}/${attemptFolder(attempt)}`, podFolder, component);
  const sealing = { rootUri: root, files, marks, results };
  return {
    artifacts: {
      places,
      prepare: (attempt, component) =>
        storing(`preparing ${attemptFolder(attempt)}`, async () => {
          const made = places(attempt, component, 'driver');
          await rm(workOf(attempt), { recursive: true, force: true });
          await mkdir(made.folder, { recursive: true });
          return made;
        }),
      assign: assignments.write,
      fetch: (artifact) => fetchArtifact(artifact, parts),
      openLog: (attempt, isNew) => openBucketLog(objects, logFolder(attempt), isNew),
      seal: (attempt, component, output, { strict, uncacheable }) =>
        storing(`keeping the outputs of ${attempt.task}`, async () => {
          const work = { attempt, component, output, strict, localRoot: workFolder };
          const more = uncacheable === undefined ? {} : { uncacheable };
          const { result, uploaded } = await sealInBucket(sealing, work, more);
          // What was just uploaded need not be downloaded for the next task.
          for (const { record, kept } of uploaded)
            if (record.digest !== undefined && kept !== undefined)
              await copies.adopt(
                record.digest,
                basename(record.uri),
                join(workFolder, record.uri),
                kept.files,
              );
          await rm(workOf(attempt), { recursive: true, force: true });
          return result;
        }),
      result: results.read,
      verify: (artifact) => verify(artifact, files, (attempt) => marks.read(attempt), parts),
      locate: (uri) => (isOutside(uri) ? uri : `${root}/${checkedPath(uri)}`),
    },
    staging: {
      readAssignment: assignments.read,
      keepResult: results.keep,
      ...podStaging({ ...sealing, outside, mount: parts.mount ?? '' }),
    },
    readLog: (attempt) => bucketLogReader(objects, logFolder(attempt)),
  };
}

async function fetchArtifact(artifact: ArtifactRecord, parts: BucketParts): Promise<string> {
  const { uri, digest, size, files, folder } = artifact;
  if (isOutside(uri)) return parts.outside.fetch(uri);
  checkedPath(uri);
  // Metadata alone: nothing lies at the path that it gets.
  if (files === 0 && !folder) return join(parts.workFolder, uri);
  const wanted = { key: uri, size, files, folder, ...(digest !== undefined && { digest }) };
  return parts.copies.obtain(digest ?? digestOfJson(uri), basename(uri), (path) =>
    downloadArtifact(parts.files, wanted, path),
  );
}

type ReadMarks = (
  attempt: AttemptKey,
) => Promise<Readonly<Record<string, readonly ObjectMark[]>> | undefined>;

async function verify(
  artifact: ArtifactRecord,
  files: FileStore,
  readMarks: ReadMarks,
  parts: BucketParts,
): Promise<Verification> {
  const { uri, producer } = artifact;
  if (isOutside(uri)) return { kind: 'stale', reason: `"${artifact.name}" lies outside the root` };
  if (artifact.files === 0) return { kind: 'intact' };
  try {
    const [there, marks] = await Promise.all([
      filesOf(artifact, files),
      producer === undefined
        ? undefined
        : readMarks({ runId: producer.runId, task: producer.task, number: producer.attempt }),
    ]);
    if (there.length === 0) return { kind: 'stale', reason: `${uri} is gone` };
    const expected = marks?.[uri];
    if (expected !== undefined && sameObjects(there, expected, uri)) return { kind: 'intact' };
    const size = there.reduce((sum, file) => sum + file.size, 0);
    if (there.length !== artifact.files || size !== artifact.size)
      return { kind: 'stale', reason: `${uri} was changed` };
    // A bucket that was copied has other checksums now and then: the content decides.
    return await sameContent(artifact, parts);
  } catch (error) {
    return { kind: 'stale', reason: `${uri} cannot be read: ${messageOf(error)}` };
  }
}

async function filesOf({ uri, folder }: ArtifactRecord, files: FileStore): Promise<readonly ListedFile[]> {
  if (folder) return files.list(`${uri}/`);
  const one = await files.look(uri);
  return one === undefined ? [] : [one];
}

/** Downloads it, and throws the copy away: what counts is what lies in the bucket now. */
async function sameContent(artifact: ArtifactRecord, parts: BucketParts): Promise<Verification> {
  const { uri, size, files, folder, digest } = artifact;
  if (digest === undefined) return { kind: 'stale', reason: `${uri} has no digest` };
  try {
    const aside = join(parts.workFolder, '.verify', randomUUID());
    try {
      const wanted = { key: uri, size, files, folder, digest };
      await downloadArtifact(parts.files, wanted, join(aside, basename(uri)));
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    return { kind: 'intact' };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'FER5028')
      return { kind: 'stale', reason: `${uri} was changed` };
    throw error;
  }
}

function sameObjects(there: readonly ListedFile[], marks: readonly ObjectMark[], uri: string): boolean {
  if (there.length !== marks.length) return false;
  const known = new Map(marks.map((mark) => [mark.path === '' ? uri : `${uri}/${mark.path}`, mark]));
  return there.every(({ key, size, checksum }) => {
    const mark = known.get(key);
    return mark !== undefined && mark.size === size && mark.checksum === checksum;
  });
}
