import type { AttemptKey, AttemptResult } from '../../engine/ports.ts';
import type { ComponentSpec, ExecutorOutput } from '../../spec/index.ts';
import type { FileStore } from '../files/file-store.ts';
import { attemptFolder } from './attempt-folder.ts';
import type { StageOutOptions } from './attempt-staging.ts';
import type { ObjectMark, ObjectMarks } from './object-marks.ts';
import type { Results } from './results.ts';
import { sealOutputs, type Sealed } from './seal.ts';
import { uploadArtifact, type Uploaded } from './transfer-artifact.ts';

export interface BucketSealing {
  readonly rootUri: string;
  readonly files: FileStore;
  readonly marks: ObjectMarks;
  readonly results: Results;
}

/** What an attempt left on this machine. */
export interface FinishedWork {
  readonly attempt: AttemptKey;
  readonly component: ComponentSpec;
  readonly output: ExecutorOutput;
  readonly strict: boolean;
  /** The path of this machine that stands for the root. */
  readonly localRoot: string;
}

/** Uploads the outputs of an attempt, notes what their objects look like, and last writes the result if there is none. */
export async function sealInBucket(
  { rootUri, files, marks, results }: BucketSealing,
  work: FinishedWork,
  options: StageOutOptions,
): Promise<{ readonly result: AttemptResult; readonly uploaded: readonly Sealed<Uploaded>[] }> {
  const { outputs, sealed } = await sealOutputs<Uploaded>({
    ...work,
    rootUri,
    folder: attemptFolder(work.attempt),
    keep: (path, uri) => uploadArtifact(files, path, uri),
  });
  const noted: Record<string, readonly ObjectMark[]> = {};
  for (const { record, kept } of sealed) if (kept !== undefined) noted[record.uri] = kept.objects;
  await marks.write(work.attempt, noted);
  const result = await results.keep(work.attempt, { kind: 'succeeded', outputs, ...options });
  return { result, uploaded: sealed };
}
