/**
 * Jobs created directly, one by one or all at once, without a driver: either of the tasks' image that does nothing, or
 * the very Jobs of a run again, which bring and keep data as those did.
 */
import { Watch } from '@kubernetes/client-node';

let count = 0;

/** Runs Jobs one after the other. */
export async function oneByOne(cluster, jobs) {
  const ends = await watchEnds(cluster);
  try {
    for (const job of jobs) await ends.of(await create(cluster, job));
  } finally {
    ends.close();
  }
}

/** Runs Jobs side by side. */
export async function allAtOnce(cluster, jobs) {
  const ends = await watchEnds(cluster);
  try {
    const names = await Promise.all(jobs.map((job) => create(cluster, job)));
    await Promise.all(names.map((name) => ends.of(name)));
  } finally {
    ends.close();
  }
}

/** Watches all Jobs of the namespace by one watch. */
async function watchEnds({ config, namespace }) {
  const ended = new Map();
  const waiting = new Map();
  const request = await new Watch(config).watch(
    `/apis/batch/v1/namespaces/${namespace}/jobs`,
    {},
    (_, { metadata, status }) => {
      const end = status?.conditions?.find(
        ({ type, status: is }) => ['Complete', 'Failed'].includes(type) && is === 'True',
      );
      if (end === undefined) return;
      ended.set(metadata.name, end.type);
      waiting.get(metadata.name)?.();
    },
    () => undefined,
  );
  return {
    async of(name) {
      if (!ended.has(name)) await new Promise((resolve) => waiting.set(name, resolve));
      if (ended.get(name) !== 'Complete') throw new Error(`the Job ${name} failed`);
    },
    close: () => request.abort(),
  };
}

async function create({ batch, namespace }, job) {
  const name = `raw-${Date.now().toString(36)}-${count++}`;
  await batch.createNamespacedJob({ namespace, body: { ...job, metadata: { ...job.metadata, name } } });
  return name;
}

/** Makes Jobs that start the image and do nothing in it. */
export function idleJobs(image, length) {
  const restricted = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  };
  const job = {
    metadata: {},
    spec: {
      backoffLimit: 0,
      ttlSecondsAfterFinished: 60,
      template: {
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [{ name: 'main', image, command: ['node', '-e', ''], securityContext: restricted }],
        },
      },
    },
  };
  return Array.from({ length }, () => job);
}

/** Takes the Jobs of a run again: with what their attempts must know, in folders of attempts that never ran. */
export async function jobsOfRun({ batch, namespace }, bucket, runId) {
  const again = `${runId.slice(0, 40)}-raw-${count++}`;
  const { items } = await batch.listNamespacedJob({ namespace, labelSelector: `ferrule.dev/run=${runId}` });
  const [files] = await bucket.getFiles({ prefix: `root/runs/${runId}/tasks/` });
  for (const file of files.filter(({ name }) => name.endsWith('/assignment.json'))) {
    const [content] = await file.download();
    await bucket
      .file(file.name.replace(runId, again))
      .save(content.toString('utf8').replaceAll(runId, again), { resumable: false });
  }
  return items.map(({ spec }) => {
    const { backoffLimit, ttlSecondsAfterFinished, template } = spec;
    const pod = JSON.parse(JSON.stringify(template.spec).replaceAll(runId, again));
    return { metadata: {}, spec: { backoffLimit, ttlSecondsAfterFinished, template: { spec: pod } } };
  });
}
