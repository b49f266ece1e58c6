/** KFP's components that make and delete volume claims: work of the runner itself, for which no pod is started. */
import * as z from 'zod';
import type { Attempt, AttemptSink, Outcome } from '../../engine/ports.ts';
import { UserError } from '../../errors/index.ts';
import type { ContainerSpec } from '../../spec/index.ts';
import { ApiError } from './api/api-error.ts';
import type { Connection } from './api/connection.ts';
import { labelValue, marks } from './api/label-value.ts';

export type ClaimWork = 'create' | 'delete';

/** Tells what an image that exists nowhere stands for; undefined for all others. */
export function claimWork({ image }: Pick<ContainerSpec, 'image'>): ClaimWork | undefined {
  const match = /^argostub\/(create|delete)pvc(?::|$)/.exec(image);
  return match === null ? undefined : match[1] === 'create' ? 'create' : 'delete';
}

/** Does the work. Doing it a second time, for another driver, changes nothing. */
export function workOnClaim(
  connection: Connection,
  work: ClaimWork,
  attempt: Attempt,
  sink: AttemptSink,
): Promise<Outcome> {
  return work === 'create' ? createClaim(connection, attempt, sink) : deleteClaim(connection, attempt, sink);
}

/** KFP gives null for an input that was not given. */
const optionalText = z.string().nullish();

const creation = z.object({
  access_modes: z.array(z.string()),
  size: z.string(),
  pvc_name: optionalText,
  pvc_name_suffix: optionalText,
  storage_class_name: optionalText,
  volume_name: optionalText,
  annotations: z.record(z.string(), z.string()).nullish(),
  data_source: z.record(z.string(), z.string()).nullish(),
});

async function createClaim(connection: Connection, attempt: Attempt, sink: AttemptSink): Promise<Outcome> {
  const given = read(creation, attempt);
  const name = claimName(given, attempt);
  const labels = {
    [marks.managedBy]: 'ferrule',
    [marks.run]: labelValue(attempt.runId),
    [marks.task]: labelValue(attempt.task),
  };
  const { storage_class_name: storageClass, volume_name: volume, data_source: source } = given;
  const body = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, labels, annotations: given.annotations ?? {} },
    spec: {
      accessModes: given.access_modes,
      resources: { requests: { storage: given.size } },
      // An empty text is a class too: that of volumes made by hand.
      ...(typeof storageClass === 'string' && { storageClassName: storageClass }),
      ...(isGiven(volume) && { volumeName: volume }),
      ...(source && { dataSource: source }),
    },
  };
  try {
    await connection.call({
      what: 'create persistentvolumeclaims',
      method: 'POST',
      path: claims(connection),
      body,
    });
    sink.line(`made the volume claim ${name}`);
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || thrown.status !== 409) throw thrown;
    if (!(await isOwn(connection, name, labels)))
      throw new UserError('FER6058', {
        problem: `the volume claim ${name} exists already, and this task did not make it`,
        fix: 'give another pvc_name, or a pvc_name_suffix, which makes a name of its own for each run',
      });
    sink.line(`the volume claim ${name} is made already`);
  }
  return { kind: 'succeeded', output: { parameterValues: { name } } };
}

function claimName(
  { pvc_name: name, pvc_name_suffix: suffix }: z.infer<typeof creation>,
  attempt: Attempt,
): string {
  if (isGiven(name) && isGiven(suffix))
    throw new UserError('FER6058', {
      problem: 'a volume claim is given both pvc_name and pvc_name_suffix',
      fix: 'give one of them',
    });
  return isGiven(name) ? name : `${attempt.name}${suffix ?? ''}`;
}

const claimSchema = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
});

async function isOwn(
  connection: Connection,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<boolean> {
  const answer = await connection.call({
    what: 'get persistentvolumeclaims',
    path: `${claims(connection)}/${name}`,
  });
  const found = claimSchema.parse(answer).metadata.labels;
  return Object.entries(labels).every(([key, value]) => found[key] === value);
}

async function deleteClaim(connection: Connection, attempt: Attempt, sink: AttemptSink): Promise<Outcome> {
  const { pvc_name: name } = read(z.object({ pvc_name: z.string() }), attempt);
  try {
    await connection.call({
      what: 'delete persistentvolumeclaims',
      method: 'DELETE',
      path: `${claims(connection)}/${name}`,
    });
    sink.line(`deleted the volume claim ${name}`);
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || thrown.status !== 404) throw thrown;
    sink.line(`the volume claim ${name} was gone already`);
  }
  return { kind: 'succeeded', output: {} };
}

function claims({ namespace }: Connection): string {
  return `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
}

function isGiven(text: string | null | undefined): text is string {
  return text !== undefined && text !== null && text !== '';
}

function read<T>(schema: z.ZodType<T>, { input, task }: Attempt): T {
  const parsed = schema.safeParse(input.inputs.parameterValues ?? {});
  if (parsed.success) return parsed.data;
  throw new UserError('FER6058', {
    problem: `the inputs of "${task}" do not describe a volume claim: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
    fix: 'see CreatePVC and DeletePVC of kfp-kubernetes',
  });
}
