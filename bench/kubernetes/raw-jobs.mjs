/** The same Jobs, created directly: the image of the tasks, started to do nothing. */
import { Watch } from '@kubernetes/client-node';

let count = 0;

/** Runs Jobs one after the other. */
export async function rawChain(cluster, image, length) {
  const ends = await watchEnds(cluster);
  try {
    for (let index = 0; index < length; index++) await ends.of(await createJob(cluster, image));
  } finally {
    ends.close();
  }
}

/** Runs Jobs side by side. */
export async function rawFan(cluster, image, width) {
  const ends = await watchEnds(cluster);
  try {
    const jobs = await Promise.all(Array.from({ length: width }, () => createJob(cluster, image)));
    await Promise.all(jobs.map((name) => ends.of(name)));
  } finally {
    ends.close();
  }
}

/** Watches all Jobs of the namespace by one watch. */
async function watchEnds({ config, namespace }) {
  const ended = new Set();
  const waiting = new Map();
  const request = await new Watch(config).watch(
    `/apis/batch/v1/namespaces/${namespace}/jobs`,
    {},
    (_, { metadata, status }) => {
      if (!status?.conditions?.some(({ type, status: is }) => type === 'Complete' && is === 'True')) return;
      ended.add(metadata.name);
      waiting.get(metadata.name)?.();
    },
    () => undefined,
  );
  return {
    of: (name) => new Promise((resolve) => (ended.has(name) ? resolve() : waiting.set(name, resolve))),
    close: () => request.abort(),
  };
}

async function createJob({ batch, namespace }, image) {
  const name = `raw-${Date.now().toString(36)}-${count++}`;
  const restricted = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  };
  await batch.createNamespacedJob({
    namespace,
    body: {
      metadata: { name },
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
    },
  });
  return name;
}
