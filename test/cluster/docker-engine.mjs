// A Docker engine of the harness's own.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { options, ready, start } from './daemon.mjs';
import { packetSize } from './network.mjs';
import { cgroup, dockerBridge, dockerHost, dockerSocket, podBridge, state } from './places.mjs';

const run = join(state, 'docker-run');
const managedPid = join(run, 'containerd', 'containerd.pid');

/** The engine's own containerd, when the engine has died without it: by its pid file, and only where that is true. */
export function orphanedContainerd() {
  if (!existsSync(managedPid)) return undefined;
  const pid = Number(readFileSync(managedPid, 'utf8'));
  const command = `/proc/${pid}/cmdline`;
  return existsSync(command) && readFileSync(command, 'utf8').includes(run) ? pid : undefined;
}

const ping = () =>
  new Promise((/** @type {(up: boolean) => void} */ resolve) => {
    const call = request({ socketPath: dockerSocket, path: '/_ping', timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.end();
  });

/** Starts the engine, unless it runs. It takes overlay2 where the file system can, and vfs otherwise. */
export async function startDocker() {
  // Numbers left by a machine that ended, or an engine that was killed, may be another process's by now.
  if (orphanedContainerd() === undefined) rmSync(managedPid, { force: true });
  const pidFile = join(state, 'docker.pid');
  if (!(await ping())) rmSync(pidFile, { force: true });
  start(
    'dockerd',
    '/usr/sbin/dockerd',
    options({
      host: dockerHost,
      'data-root': join(state, 'docker'),
      'exec-root': run,
      pidfile: pidFile,
      bridge: dockerBridge.name,
      mtu: packetSize(),
      'insecure-registry': podBridge.subnet,
      'cgroup-parent': `/${cgroup}/docker`,
      'shutdown-timeout': 3,
      'log-level': 'warn',
    }),
  );
  await ready('dockerd', ping);
}

/** Runs Docker's command line against this engine and gives what it prints. */
export async function docker(/** @type {string[]} */ ...args) {
  const { stdout } = await promisify(execFile)('docker', args, {
    env: { ...process.env, DOCKER_HOST: dockerHost, DOCKER_BUILDKIT: '0', DOCKER_CONTEXT: '' },
    maxBuffer: 64 << 20,
  });
  return stdout.trim();
}
