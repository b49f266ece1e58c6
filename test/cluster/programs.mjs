// The programs that the harness is made of: Debian's packages, and what Go builds. Built once a machine, kept in the cache.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { alone } from './lock.mjs';
import { cache } from './places.mjs';

/** The program that shows whether a package is there -> Debian's package. */
const packages = {
  '/usr/bin/etcd': 'etcd-server',
  '/usr/bin/containerd': 'containerd',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  '/usr/sbin/dockerd': 'docker.io',
  '/usr/bin/docker-registry': 'docker-registry',
  '/usr/sbin/debootstrap': 'debootstrap',
  '/usr/sbin/iptables': 'iptables',
  '/usr/sbin/ip': 'iproute2',
  '/usr/bin/openssl': 'openssl',
  '/usr/bin/busybox': 'busybox-static',
};

const modules = {
  gcs: 'github.com/fsouza/fake-gcs-server@v1.56.1',
  s3: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0',
  kwok: 'sigs.k8s.io/kwok/cmd/kwok@v0.8.0',
};

const source = join(import.meta.dirname, 'control-plane');
const parts = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet'];
export const digest = (/** @type {readonly (string | Uint8Array)[]} */ texts) => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex').slice(0, 16);
};

const missingPackages = () =>
  Object.entries(packages)
    .filter(([program]) => !existsSync(program))
    .map(([, name]) => name);

function installPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (spawnSync('apt-get', ['--version']).status !== 0)
    throw new Error(`The test harness needs what these packages of Debian hold: ${missing.join(' ')}`);
  console.error(`installing ${missing.join(' ')}`);
  const apt = (/** @type {string[]} */ ...args) =>
    execFileSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  // The packages bring services, and none of them is wanted: the harness starts its own.
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...missing);
  } finally {
    if (ours) rmSync(policy);
  }
}

const goTool = (/** @type {string} */ module) => join(cache, `go-${digest([module])}`);

function installGoTool(/** @type {string} */ module) {
  const folder = goTool(module);
  if (existsSync(folder) && readdirSync(folder).length > 0) return;
  console.error(`building ${module}`);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  execFileSync('go', ['install', module], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, GOBIN: unfinished, CGO_ENABLED: '0' },
  });
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}

const kubernetesFolder = () =>
  join(
    cache,
    `kubernetes-${digest(['go.sum', 'main.go', 'pause/main.go'].map((name) => readFileSync(join(source, name))))}`,
  );

function buildKubernetes() {
  const folder = kubernetesFolder();
  if (existsSync(folder)) return;
  const version = /k8s\.io\/kubernetes (v\S+)/.exec(readFileSync(join(source, 'go.mod'), 'utf8'))?.[1];
  console.error(`building Kubernetes ${version}, which takes minutes`);
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const stamp = [
    `gitVersion=${version}`,
    ...(version?.slice(1).split('.').slice(0, 2) ?? []).map(
      (number, place) => `${['gitMajor', 'gitMinor'][place]}=${number}`,
    ),
  ].map((pair) => `-X k8s.io/component-base/version.${pair}`);
  const go = (/** @type {string[]} */ ...args) =>
    execFileSync('go', ['build', '-trimpath', '-ldflags', ['-s', '-w', ...stamp].join(' '), ...args], {
      cwd: source,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' },
    });
  go('-o', join(unfinished, 'kubernetes'), '.');
  go('-o', join(unfinished, 'pause'), './pause');
  for (const part of parts) symlinkSync('kubernetes', join(unfinished, part));
  renameSync(unfinished, folder);
}

/** Installs and builds what is missing. `wanted` leaves out what an existing cluster makes unneeded. */
export async function buildPrograms(wanted = { cluster: true, kwok: false }) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error(
      'The test harness starts containers by itself: it runs on Linux, as root. Elsewhere, set DOCKER_HOST, FERRULE_TEST_KUBECONFIG and the other variables of test/counterparts.ts to servers of your own.',
    );
  if (spawnSync('go', ['version']).status !== 0)
    throw new Error(
      'The test harness is built with Go, and no `go` is on the PATH: install Go 1.24 or newer.',
    );
  await alone(join(cache, 'build.lock'), () => {
    installPackages();
    installGoTool(modules.gcs);
    installGoTool(modules.s3);
    if (wanted.cluster) buildKubernetes();
    if (wanted.kwok) installGoTool(modules.kwok);
  });
}

export const program = {
  gcs: () => join(goTool(modules.gcs), 'fake-gcs-server'),
  s3: () => join(goTool(modules.s3), 'versitygw'),
  kwok: () => join(goTool(modules.kwok), 'kwok'),
  /** A part of Kubernetes, by its own name. */
  kubernetes: (/** @type {string} */ part) => join(kubernetesFolder(), part),
  pause: () => join(kubernetesFolder(), 'pause'),
};
