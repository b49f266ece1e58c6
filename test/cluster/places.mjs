// Where everything of the test harness lies, and under which addresses it answers.
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What takes long to make, keyed by what it is made of. Survives `down`. */
export const cache =
  process.env.FERRULE_CI_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ferrule-ci');

/** Logs, sockets, certificates, pid files and data of what runs. */
export const state = process.env.FERRULE_TEST_STATE ?? join(cache, 'state');

/** The bridge that pods are plugged into. The host's address on it is the same for pods, containers and the host. */
export const podBridge = { name: 'ferrule0', address: '10.87.0.1', prefix: 16, subnet: '10.87.0.0/16' };
/** The bridge of the Docker engine. */
export const dockerBridge = { name: 'ferrule1', address: '10.86.0.1', prefix: 24, subnet: '10.86.0.0/24' };
export const host = podBridge.address;

export const registry = `${host}:5000`;
export const gcsUrl = `http://${host}:4443`;
export const s3Url = `http://${host}:7070`;
/** The keys of the S3 server, which nothing but this machine can reach. */
export const s3Keys = { access: 'ferrule-test', secret: 'ferrule-test-secret' };
export const dockerSocket = join(state, 'docker.sock');
export const dockerHost = `unix://${dockerSocket}`;

export const apiServer = `https://${host}:6443`;
/** The first address of the service network: what pods know the API server by. */
export const apiServiceAddress = '10.96.0.1';
export const serviceSubnet = '10.96.0.0/16';
export const kubeconfig = join(state, 'kubeconfig.yaml');
export const certificates = join(state, 'certificates');

/**
 * The real nodes. Each has a kubelet, a container runtime and an address of its own, on one machine.
 * The second says that it has two GPUs, so that the real scheduler counts them.
 */
export const nodes = [
  { name: 'ferrule-cpu', address: '10.87.0.2', firstPod: '10.87.1.1', lastPod: '10.87.1.254', gpus: 0 },
  { name: 'ferrule-gpu', address: '10.87.0.3', firstPod: '10.87.2.1', lastPod: '10.87.2.254', gpus: 2 },
];

export const nodeImage = 'node:22-slim';
export const images = {
  pause: `${registry}/ferrule-test/pause:1`,
  node: `${registry}/ferrule-test/node:22-slim`,
  shell: `${registry}/ferrule-test/shell:1`,
  python: `${registry}/ferrule-test/python:3.11`,
};

/**
 * The cgroup of all containers of this harness, so that they can be found and ended whatever else has died. Another harness
 * with another state folder, in a network namespace of its own, has another one.
 */
export const cgroup = `ferrule-test-${createHash('sha256').update(state).digest('hex').slice(0, 8)}`;

/** What tests are told by environment variables. */
export const environment = {
  DOCKER_HOST: dockerHost,
  FERRULE_TEST_STATE: state,
  FERRULE_TEST_REGISTRY: registry,
  FERRULE_TEST_KUBECONFIG: kubeconfig,
  FERRULE_FAKE_GCS_URL: gcsUrl,
  FERRULE_TEST_S3_URL: s3Url,
  FERRULE_TEST_S3_ACCESS_KEY: s3Keys.access,
  FERRULE_TEST_S3_SECRET_KEY: s3Keys.secret,
  FERRULE_TEST_NODE_IMAGE: images.node,
  FERRULE_TEST_SHELL_IMAGE: images.shell,
  FERRULE_TEST_PYTHON_IMAGE: images.python,
};
