#!/usr/bin/env node
// Starts and stops what tests are held against: a Docker engine, a registry, a GCS and an S3 server, and a Kubernetes
// cluster of two nodes. `node test/cluster/up.mjs up`, then `. ~/.cache/ferrule-ci/state/env.sh`.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api } from './api.mjs';
import { issueCertificates } from './certificates.mjs';
import { endCgroup, makeCgroup } from './cgroups.mjs';
import { apiServerReady, controlPlane, etcdData, startControlPlane } from './control-plane.mjs';
import { pidOf, stop } from './daemon.mjs';
import { orphanedContainerd, startDocker } from './docker-engine.mjs';
import { makeImages } from './images.mjs';
import { removeFakeNodes, startFakeNodes } from './fake-nodes.mjs';
import { clearContainers, unmountUnder } from './leftovers.mjs';
import { alone } from './lock.mjs';
import { lowerNetwork, raiseNetwork } from './network.mjs';
import { nodeCgroup, nodeFolder, parts, runtimeSocket, startKubelet, startRuntime } from './node.mjs';
import { startStores, stores } from './object-stores.mjs';
import { cgroup, environment, kubeconfig, nodes, state } from './places.mjs';
import { buildPrograms, program } from './programs.mjs';

const usage = `Usage: node test/cluster/up.mjs COMMAND
  up [--kwok N]        start what does not run; prints the environment of the tests, and writes it to ${join(state, 'env.sh')}
  down [--wipe]        stop all of it; with --wipe, forget images and objects too
  status               say what runs
  build                build what is missing, and start nothing
  start|stop|kill PART one part: ${[...Object.keys(controlPlane), ...nodes.map(({ name }) => `kubelet-${name}`)].join(', ')}

Where FERRULE_TEST_KUBECONFIG names a cluster of your own, that one is used and none is started.`;

/** The cluster that the user brings, if any. Our own kubeconfig, from an env.sh that was read before, is none. */
const own = process.env.FERRULE_TEST_KUBECONFIG;
const foreign = own !== undefined && own !== '' && own !== kubeconfig ? own : undefined;

async function up(/** @type {number} */ fakeNodes) {
  if (state.length > 70)
    throw new Error(`the path of FERRULE_TEST_STATE is too long for the sockets in it: ${state}`);
  if (foreign !== undefined && !existsSync(foreign))
    throw new Error(`FERRULE_TEST_KUBECONFIG names ${foreign}, and there is no such file`);
  mkdirSync(state, { recursive: true });
  await buildPrograms({ cluster: foreign === undefined, kwok: fakeNodes > 0 });
  raiseNetwork();
  const [docker, cluster, servers] = [
    raiseDocker(),
    foreign === undefined ? raiseCluster() : undefined,
    startStores(),
  ];
  await Promise.all([
    Promise.all([docker, servers]).then(() => makeImages({ cluster: foreign === undefined })),
    cluster,
  ]);
  if (fakeNodes > 0) await startFakeNodes(fakeNodes);
  const told = {
    ...environment,
    FERRULE_FAKE_GCS: program.gcs(),
    FERRULE_VERSITYGW: program.s3(),
    ...(foreign === undefined ? {} : { FERRULE_TEST_KUBECONFIG: foreign }),
  };
  const lines = Object.entries(told)
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join('');
  writeFileSync(join(state, 'env.sh'), lines);
  process.stdout.write(lines);
}

async function raiseDocker() {
  if (pidOf('dockerd') === undefined) await clearDocker();
  makeCgroup(`${cgroup}/docker`);
  await startDocker();
}

/** Ends what an engine has left, its containers among it. Its images stay. */
async function clearDocker() {
  const orphan = orphanedContainerd();
  if (orphan !== undefined) process.kill(orphan, 'SIGKILL');
  const run = join(state, 'docker-run');
  await clearContainers({
    cgroup: `${cgroup}/docker`,
    socket: join(run, 'containerd', 'containerd.sock'),
    mountsUnder: [run, join(state, 'docker')],
    folders: [run],
  });
}

/** Starts the parts that do not run. A cluster without its store is none: then all of it begins anew. */
async function raiseCluster() {
  if (pidOf('etcd') === undefined) await lowerCluster();
  issueCertificates();
  await startControlPlane();
  await Promise.all(
    nodes.map(async (node) => {
      await startRuntime(node);
      await startKubelet(node);
    }),
  );
}

/** Ends the cluster: kubelets first, so that none starts anew what is being ended. */
async function lowerCluster() {
  await stop('kwok');
  await Promise.all(
    nodes.map(async (node) => {
      await stop(parts(node).kubelet);
      await stop(parts(node).runtime);
      const folder = nodeFolder(node);
      await clearContainers({
        cgroup: nodeCgroup(node),
        socket: runtimeSocket(node),
        mountsUnder: [folder],
        folders: [folder],
      });
    }),
  );
  await Promise.all([stop('scheduler', 5), stop('controller-manager', 5)]);
  await stop('apiserver');
  await stop('etcd');
  rmSync(etcdData, { recursive: true, force: true });
}

async function down(/** @type {boolean} */ wipe) {
  await lowerCluster();
  await stop('dockerd', 30);
  await clearDocker();
  await Promise.all(stores.map((name) => stop(name)));
  await endCgroup(cgroup);
  unmountUnder(state);
  lowerNetwork();
  rmSync(join(state, 'env.sh'), { force: true });
  if (wipe) rmSync(state, { recursive: true, force: true });
}

async function status() {
  const names = [
    ...stores,
    'dockerd',
    ...Object.keys(controlPlane),
    ...nodes.flatMap((node) => Object.values(parts(node))),
    'kwok',
  ];
  const lines = names.map((name) => `${name.padEnd(24)} ${pidOf(name) ?? '-'}`);
  if (pidOf('apiserver') !== undefined) lines.push(...(await nodeLines()));
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function nodeLines() {
  const answer = await api('GET', '/api/v1/nodes').catch(() => undefined);
  if (answer?.status !== 200) return ['the API server does not answer'];
  return answer.body.items.map((/** @type {any} */ { metadata, status }) => {
    const ready = status.conditions?.find(
      (/** @type {{ type: string }} */ { type }) => type === 'Ready',
    )?.status;
    const gpus = status.allocatable?.['nvidia.com/gpu'] ?? 0;
    return `node ${metadata.name.padEnd(19)} ready: ${ready}, GPUs: ${gpus}`;
  });
}

/** Starts one part again after `stop` or `kill`. */
async function startPart(/** @type {string} */ name) {
  const node = nodes.find((node) => parts(node).kubelet === name);
  if (node !== undefined) return startKubelet(node);
  if (!(name in controlPlane)) throw new Error(usage);
  controlPlane[/** @type {keyof typeof controlPlane} */ (name)]();
  if (name === 'apiserver') await apiServerReady();
}

const [command, ...words] = process.argv.slice(2);
const option = (/** @type {string} */ name) =>
  words.includes(name) ? (words[words.indexOf(name) + 1] ?? '') : undefined;
const locked = (/** @type {() => Promise<void>} */ work) => alone(join(state, 'lock'), work);

try {
  if (command === 'up') await locked(() => up(Number(option('--kwok') ?? 0)));
  else if (command === 'down' && existsSync(state)) await locked(() => down(words.includes('--wipe')));
  else if (command === 'down') console.error('nothing runs');
  else if (command === 'status') await status();
  else if (command === 'build') await buildPrograms({ cluster: foreign === undefined, kwok: true });
  else if (command === 'start' && words[0] !== undefined) await startPart(words[0]);
  else if (command === 'stop' && words[0] !== undefined) await stop(words[0]);
  else if (command === 'kill' && words[0] !== undefined) await stop(words[0], 5, 'SIGKILL');
  else if (command === 'kwok' && words[0] === '0') await removeFakeNodes();
  else {
    console.error(usage);
    process.exitCode = 2;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
