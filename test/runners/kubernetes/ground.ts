/** Where the runner contract holds on a cluster: components in a real image, over a bucket. */
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lightweightCommand, lightweightPayload } from '../../../compiler/bundle/lightweight.ts';
import type { ArtifactRecord, Attempt, AttemptKey, Outcome } from '../../../engine/ports.ts';
import { hexOf, writeIdentityArgs, type ExecutorInput } from '../../../spec/index.ts';
import { openRoot, type Root } from '../../../stores/index.ts';
import { gcsServer } from '../../counterparts.ts';
import { componentWriting } from '../../stores/root-folder.ts';
import { attemptOf as localAttempt } from '../attempts.ts';
import type { BundleFolder } from '../components.ts';
import type { Ground } from '../contract/bench.ts';
import type { KubernetesRunner } from '../../../runners/kubernetes/index.ts';

/** Makes a bucket and opens a root in it. */
export async function bucketRoot(): Promise<Root> {
  const { Storage } = await import('@google-cloud/storage');
  const bucket = `runner-${randomUUID().slice(0, 8)}`;
  await new Storage({ apiEndpoint: gcsServer ?? '', projectId: 'test' }).createBucket(bucket);
  return openRoot(`gs://${bucket}/root`, {
    localFolder: await mkdtemp(join(tmpdir(), 'ferrule-copies-')),
    env: { FERRULE_GCS_ENDPOINT: gcsServer ?? '' },
  });
}

/** Makes the ground of a runner; `image` holds the launcher and the program that runs components. */
export function clusterGround(
  runner: KubernetesRunner,
  root: Root,
  bundles: BundleFolder,
  image: string,
): Ground {
  const records = new Map<string, Readonly<Record<string, readonly ArtifactRecord[]>>>();
  return {
    runner,
    async attempt(draft) {
      const local = await localAttempt(draft);
      const attempt = {
        ...(await withCode(local, bundles, image)),
        name: `a-${randomUUID()}`,
        runId: `run-${randomUUID().slice(0, 8)}`,
      };
      const places = root.artifacts.places(attempt, attempt.component, 'attempt');
      const artifacts = await uploaded(local.input.inputs, attempt, root);
      records.set(attempt.name, artifacts);
      const inputs: ExecutorInput['inputs'] = {
        ...local.input.inputs,
        artifacts: Object.fromEntries(
          Object.entries(artifacts).map(([name, list]) => [
            name,
            { artifacts: list.map((record) => ({ ...record, uri: root.artifacts.locate(record.uri) })) },
          ]),
        ),
      };
      return { ...attempt, input: { inputs, outputs: places.outputs }, folder: places.folder };
    },
    async start(attempt, log) {
      await root.artifacts.assign({
        attempt: keyOf(attempt),
        startedAt: attempt.startedAt,
        component: attempt.component,
        input: attempt.input,
        artifacts: records.get(attempt.name) ?? {},
        strict: attempt.identity !== undefined,
      });
      const outcome = await runner.start(attempt, log);
      return outcome.kind === 'cancelled' ? outcome : ((await keptOutcome(root, attempt)) ?? outcome);
    },
    async read(attempt, output, file = '') {
      const result = await root.artifacts.result(keyOf(attempt));
      const record = result?.kind === 'succeeded' ? result.outputs.artifacts[output]?.[0] : undefined;
      if (record === undefined) return undefined;
      return readFile(join(await root.artifacts.fetch(record), file), 'utf8');
    },
    close: () => runner.close(),
  };
}

function keyOf({ runId, task, number }: Attempt): AttemptKey {
  return { runId, task, number };
}

/** Gives an attempt its image, and its code in the arguments: no image is built for each component of a test. */
async function withCode(attempt: Attempt, bundles: BundleFolder, image: string): Promise<Attempt> {
  const { identity, container } = attempt;
  if (identity === undefined) return attempt;
  if (identity.payload !== undefined)
    return { ...attempt, container: { ...container, image, command: lightweightCommand } };
  const folder = await bundles.folderOf(identity.code);
  if (folder === undefined || !folder.endsWith(hexOf(identity.code)))
    return { ...attempt, container: { ...container, image } };
  const args = writeIdentityArgs({ ...identity, payload: lightweightPayload(folder) });
  return { ...attempt, container: { ...container, image, command: lightweightCommand, args } };
}

/** Brings files of this machine under the root, as an earlier task would have. */
async function uploaded(
  { artifacts = {} }: ExecutorInput['inputs'],
  { runId }: Attempt,
  root: Root,
): Promise<Record<string, readonly ArtifactRecord[]>> {
  const made: Record<string, ArtifactRecord[]> = {};
  const known = new Map<string, ArtifactRecord>();
  for (const [name, list] of Object.entries(artifacts)) {
    made[name] = [];
    for (const { uri, metadata = {} } of list.artifacts) {
      const record =
        known.get(uri) ?? (await upload(uri, { runId, task: `made-${known.size}`, number: 1 }, root));
      known.set(uri, record);
      made[name].push({ ...record, name, metadata });
    }
  }
  return made;
}

async function upload(path: string, key: AttemptKey, root: Root): Promise<ArtifactRecord> {
  const writing = componentWriting({ data: 'system.Artifact' });
  const { outputs } = await root.artifacts.prepare(key, writing);
  await cp(path, outputs.artifacts?.['data']?.artifacts[0]?.uri ?? '', { recursive: true });
  const result = await root.artifacts.seal(key, writing, {}, { strict: true });
  const record = result.kind === 'succeeded' ? result.outputs.artifacts['data']?.[0] : undefined;
  if (record === undefined) throw new Error('nothing was sealed');
  return record;
}

/** Reads what the attempt sealed, in the words of a runner whose driver seals. */
async function keptOutcome(root: Root, attempt: Attempt): Promise<Outcome | undefined> {
  const result = await root.artifacts.result(keyOf(attempt));
  if (result === undefined) return undefined;
  if (result.kind === 'failed') return result;
  const { parameters, artifacts } = result.outputs;
  const output = {
    ...(Object.keys(parameters).length > 0 && { parameterValues: parameters }),
    ...(Object.keys(artifacts).length > 0 && {
      artifacts: Object.fromEntries(
        Object.entries(artifacts).map(([name, list]) => [name, { artifacts: list }]),
      ),
    }),
  };
  return { kind: 'succeeded', output };
}
