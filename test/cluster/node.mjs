// A node: a container runtime and a kubelet, each with folders, sockets, addresses and a cgroup of its own.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, apiOk } from './api.mjs';
import { certificate, key, nodeKubeconfig } from './certificates.mjs';
import { makeCgroup } from './cgroups.mjs';
import { options, ready, start } from './daemon.mjs';
import { packetSize } from './network.mjs';
import { cgroup, host, images, podBridge, registry, state } from './places.mjs';
import { program } from './programs.mjs';

/** @typedef {{ name: string, address: string, firstPod: string, lastPod: string, gpus: number }} Node */

export const nodeFolder = (/** @type {Node} */ node) => join(state, 'nodes', node.name);
export const nodeCgroup = (/** @type {Node} */ node) => `${cgroup}/${node.name}`;
export const runtimeSocket = (/** @type {Node} */ node) => join(nodeFolder(node), 'containerd.sock');
export const parts = (/** @type {Node} */ node) => ({
  kubelet: `kubelet-${node.name}`,
  runtime: `containerd-${node.name}`,
});

/** Whether the file system under the state folder can be the upper layer of an overlay. */
function canOverlay() {
  const folder = join(state, 'overlay-probe');
  for (const part of ['lower', 'upper', 'work', 'merged']) mkdirSync(join(folder, part), { recursive: true });
  const at = (/** @type {string} */ part) => join(folder, part);
  const options = `lowerdir=${at('lower')},upperdir=${at('upper')},workdir=${at('work')}`;
  const mounted = spawnSync('mount', ['-t', 'overlay', 'overlay', '-o', options, at('merged')]).status === 0;
  if (mounted) execFileSync('umount', [at('merged')]);
  return mounted;
}

function writeRuntimeConfig(/** @type {Node} */ node) {
  const { firstPod, lastPod } = node;
  const folder = nodeFolder(node);
  const hosts = join(folder, 'registries', registry);
  const cni = join(folder, 'cni');
  mkdirSync(hosts, { recursive: true });
  mkdirSync(cni, { recursive: true });
  writeFileSync(join(hosts, 'hosts.toml'), `server = "http://${registry}"\n[host."http://${registry}"]\n`);
  writeFileSync(
    join(cni, '10-ferrule.conflist'),
    JSON.stringify({
      cniVersion: '0.4.0',
      name: node.name,
      plugins: [
        {
          type: 'bridge',
          bridge: podBridge.name,
          mtu: packetSize(),
          isGateway: true,
          ipMasq: true,
          hairpinMode: true,
          ipam: {
            type: 'host-local',
            dataDir: join(folder, 'addresses'),
            ranges: [[{ subnet: podBridge.subnet, rangeStart: firstPod, rangeEnd: lastPod, gateway: host }]],
            routes: [{ dst: '0.0.0.0/0' }],
          },
        },
        { type: 'portmap', capabilities: { portMappings: true } },
      ],
    }),
  );
  const text = JSON.stringify;
  // A sandbox cannot lower its OOM score where the capability to do so is missing; without the second setting it fails.
  writeFileSync(
    join(folder, 'containerd.toml'),
    `version = 2
root = ${text(join(folder, 'containerd'))}
state = ${text(join(folder, 'containerd-run'))}
[grpc]
address = ${text(runtimeSocket(node))}
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = ${text(images.pause)}
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "${canOverlay() ? 'overlayfs' : 'native'}"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = ${text(cni)}
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = ${text(join(folder, 'registries'))}
`,
  );
}

function writeKubeletConfig(/** @type {Node} */ node) {
  const folder = nodeFolder(node);
  const config = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: node.address,
    port: 10250,
    healthzPort: 0,
    readOnlyPort: 0,
    authentication: {
      webhook: { enabled: true },
      x509: { clientCAFile: certificate('ca') },
      anonymous: { enabled: false },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: certificate(node.name),
    tlsPrivateKeyFile: key(node.name),
    containerRuntimeEndpoint: `unix://${runtimeSocket(node)}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${nodeCgroup(node)}`,
    enforceNodeAllocatable: [],
    // Each kubelet clears away logs of pods that are not its own, so no two may share a folder.
    podLogsDir: join(folder, 'logs'),
    failCgroupV1: false,
    failSwapOn: false,
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    // Nothing answers there, so that a name that a pod looks up fails at once.
    clusterDNS: [host],
    clusterDomain: 'cluster.local',
    registryPullQPS: 0,
    serializeImagePulls: false,
    eventRecordQPS: 0,
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
    // A node that is gone is known to be gone after seconds.
    nodeStatusUpdateFrequency: '2s',
    nodeStatusReportFrequency: '10s',
    nodeLeaseDurationSeconds: 8,
  };
  writeFileSync(join(folder, 'kubelet.json'), JSON.stringify(config, null, 2));
}

/** Starts the container runtime alone. */
export async function startRuntime(/** @type {Node} */ node) {
  mkdirSync(nodeFolder(node), { recursive: true });
  makeCgroup(nodeCgroup(node));
  writeRuntimeConfig(node);
  start(parts(node).runtime, '/usr/bin/containerd', [
    '--config',
    join(nodeFolder(node), 'containerd.toml'),
    '--log-level',
    'warn',
  ]);
  const version = ['--address', runtimeSocket(node), 'version'];
  await ready(
    parts(node).runtime,
    async () => existsSync(runtimeSocket(node)) && spawnSync('ctr', version).status === 0,
  );
}

/** Starts the kubelet and waits until its node takes pods. */
export async function startKubelet(/** @type {Node} */ node) {
  writeKubeletConfig(node);
  const labels = { 'ferrule.test/pool': node.gpus > 0 ? 'gpu' : 'cpu', ...(node.gpus > 0 ? gpuLabels : {}) };
  const started = Date.now();
  start(
    parts(node).kubelet,
    program.kubernetes('kubelet'),
    options({
      config: join(nodeFolder(node), 'kubelet.json'),
      kubeconfig: nodeKubeconfig(node.name),
      'root-dir': join(nodeFolder(node), 'kubelet'),
      'hostname-override': node.name,
      'node-ip': node.address,
      'node-labels': Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(','),
    }),
  );
  await ready(parts(node).kubelet, () => takesPods(node, started));
  if (node.gpus > 0) await giveGpus(node);
}

/** The labels by which clouds and NVIDIA's operator mark a node with GPUs. */
const gpuLabels = {
  'nvidia.com/gpu.present': 'true',
  'nvidia.com/gpu.product': 'NVIDIA-L4',
  'cloud.google.com/gke-accelerator': 'nvidia-l4',
};

/** Whether the node is ready, by its own word since the given time: an older word may be that of a kubelet that has ended. */
async function takesPods(/** @type {Node} */ node, /** @type {number} */ since) {
  const { status, body } = await api('GET', `/api/v1/nodes/${node.name}`);
  if (status !== 200) return false;
  const condition = body.status.conditions?.find(
    (/** @type {{ type: string }} */ { type }) => type === 'Ready',
  );
  return condition?.status === 'True' && Date.parse(condition.lastHeartbeatTime) >= since - 1000;
}

/**
 * Writes GPUs into the node's status: the real scheduler then counts them. The kubelet keeps what it finds there as long as
 * it runs, and takes it away when it starts.
 */
async function giveGpus(/** @type {Node} */ node) {
  const gpus = { 'nvidia.com/gpu': String(node.gpus) };
  await apiOk(
    'PATCH',
    `/api/v1/nodes/${node.name}/status`,
    { status: { capacity: gpus, allocatable: gpus } },
    'application/strategic-merge-patch+json',
  );
}
