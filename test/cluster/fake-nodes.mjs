// Nodes that only say that they run pods: for tests of hundreds of pods. What runs on them does nothing and succeeds.
import { join } from 'node:path';
import { api, apiOk } from './api.mjs';
import { certificate, key } from './certificates.mjs';
import { options, ready, start, stop } from './daemon.mjs';
import { kubeconfig } from './places.mjs';
import { program } from './programs.mjs';

const nameOf = (/** @type {number} */ index) => `kwok-${index}`;
const port = 10247;
const mark = 'ferrule.test/pool=kwok';

/** Makes fake nodes `kwok-0` and so on, tainted with `kwok.x-k8s.io/node=fake:NoSchedule`, eight GPUs each. */
export async function startFakeNodes(/** @type {number} */ count) {
  start(
    'kwok',
    program.kwok(),
    options({
      kubeconfig,
      'manage-nodes-with-label-selector': mark,
      config: join(import.meta.dirname, 'fake-node-stages.yaml'),
      // Shorter than the time after which the controllers take a node for lost.
      'node-lease-duration-seconds': 8,
      'server-address': `127.0.0.1:${port}`,
      // The API server asks a node for the logs of its pods: it is told that there are none.
      'tls-cert-file': certificate('apiserver'),
      'tls-private-key-file': key('apiserver'),
    }),
  );
  const room = { cpu: '32', memory: '256Gi', pods: '110', 'nvidia.com/gpu': '8' };
  for (let index = 0; index < count; index++) {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: nameOf(index),
        labels: { 'ferrule.test/pool': 'kwok', 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
        annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
      },
      spec: { taints: [{ key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' }] },
      status: {
        capacity: room,
        allocatable: room,
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: port } },
      },
    };
    const { status } = await api('POST', '/api/v1/nodes', node);
    if (status !== 201 && status !== 409) throw new Error(`the API server refused a fake node: ${status}`);
  }
  await ready('kwok', async () => {
    const { items } = await apiOk('GET', `/api/v1/nodes?labelSelector=${encodeURIComponent(mark)}`);
    const isReady = (/** @type {{ status: { conditions?: { type: string, status: string }[] } }} */ node) =>
      node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
    return items.length >= count && items.every(isReady);
  });
}

/** Takes the fake nodes away. */
export async function removeFakeNodes() {
  await apiOk('DELETE', `/api/v1/nodes?labelSelector=${encodeURIComponent(mark)}`);
  await stop('kwok');
}
