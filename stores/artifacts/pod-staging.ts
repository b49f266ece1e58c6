import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactRecord, Assignment } from '../../engine/ports.ts';
import { localPathOf, type RuntimeArtifact } from '../../spec/index.ts';
import { storing } from '../failure.ts';
import { attemptFolder } from './attempt-folder.ts';
import type { AttemptStaging } from './attempt-staging.ts';
import type { OutsideArtifacts } from './outside-artifacts.ts';
import { isOutside } from './places.ts';
import { sealInBucket, type BucketSealing } from './seal-in-bucket.ts';
import { downloadArtifact } from './transfer-artifact.ts';

export interface PodStaging extends BucketSealing {
  readonly outside: OutsideArtifacts;
  /** What stands before all paths; empty in a pod. */
  readonly mount: string;
}

/** Stages an attempt that works for itself: from and to the paths that stand for URIs of the bucket. */
export function podStaging(staging: PodStaging): Pick<AttemptStaging, 'stageIn' | 'stageOut'> {
  const { mount, rootUri } = staging;
  const pathOf = (artifact: RuntimeArtifact): string =>
    join(mount === '' ? '/' : mount, localPathOf(artifact));
  return {
    stageIn: (assignment) =>
      storing(`bringing the inputs of ${assignment.attempt.task}`, async () => {
        const wanted = inputsOf(assignment).map(({ artifact, record }) =>
          bring(staging, record, pathOf(artifact)),
        );
        await Promise.all([...wanted, makeFolders(assignment, mount, pathOf)]);
      }),
    stageOut: ({ attempt, component, strict }, output, options) =>
      storing(`keeping the outputs of ${attempt.task}`, async () => {
        const localRoot = pathOf({ name: 'root', uri: rootUri });
        const work = { attempt, component, output, strict, localRoot };
        return (await sealInBucket(staging, work, options)).result;
      }),
  };
}

/** The input artifacts, as the component sees them and as they were recorded. */
function inputsOf({
  input,
  artifacts,
}: Assignment): readonly { readonly artifact: RuntimeArtifact; readonly record: ArtifactRecord }[] {
  return Object.entries(input.inputs.artifacts ?? {}).flatMap(([name, list]) =>
    list.artifacts.flatMap((artifact, index) => {
      const record = artifacts[name]?.[index];
      return record === undefined ? [] : [{ artifact, record }];
    }),
  );
}

async function bring({ files, outside }: PodStaging, record: ArtifactRecord, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (isOutside(record.uri)) await outside.bring(record.uri, path);
  else if (record.files > 0 || record.folder) {
    const { uri: key, digest, size, files: count, folder } = record;
    const wanted = { key, size, files: count, folder, ...(digest !== undefined && { digest }) };
    await downloadArtifact(files, wanted, path);
  }
}

async function makeFolders(
  { attempt, input }: Assignment,
  mount: string,
  pathOf: (artifact: RuntimeArtifact) => string,
): Promise<void> {
  const { outputFile, parameters, artifacts } = input.outputs;
  const written = [outputFile, ...Object.values(parameters ?? {}).map((one) => one.outputFile)];
  const folders = [
    ...written.map((path) => dirname(join(mount === '' ? '/' : mount, path))),
    join(dirname(join(mount === '' ? '/' : mount, outputFile)), 'work'),
    ...Object.values(artifacts ?? {})
      .flatMap((list) => list.artifacts)
      .map((artifact) => dirname(pathOf(artifact))),
  ];
  await storing(`preparing ${attemptFolder(attempt)}`, async () => {
    for (const folder of new Set(folders)) await mkdir(folder, { recursive: true });
  });
}
