// What tests do to the cluster: parts are stopped, killed and started while pods run. It hits every test that uses the cluster,
// so the files that call these functions are listed as `outages` in vitest.config.ts, which runs them last and one at a time.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { testCluster } from './namespace.ts';

const command = join(import.meta.dirname, 'up.mjs');

/** The nodes that run pods. The second has two GPUs. */
export const realNodes = ['ferrule-cpu', 'ferrule-gpu'] as const;
export type RealNode = (typeof realNodes)[number];
type Part = 'apiserver' | 'controller-manager' | 'scheduler' | `kubelet-${RealNode}`;

/**
 * Whether the cluster of the tests is the harness's own, so that its parts can be stopped. Where it is somebody else's,
 * tests that call the functions below are to be skipped.
 */
export function isOurs(): boolean {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const state = process.env['FERRULE_TEST_STATE'] ?? join(cache, 'ferrule-ci', 'state');
  const file = process.env['FERRULE_TEST_KUBECONFIG'];
  return file !== undefined && file === join(state, 'kubeconfig.yaml') && existsSync(file);
}

async function harness(what: 'start' | 'stop' | 'kill', part: Part): Promise<void> {
  if (!isOurs()) throw new Error('this cluster is not the harness’s own: its parts cannot be stopped');
  await promisify(execFile)(process.execPath, [command, what, part]);
}

/** Stops the API server as an upgrade would: open requests and watches end. It stays away until it is started. */
export async function stopApiServer(): Promise<void> {
  await harness('stop', 'apiserver');
}

/** Starts the API server and waits until it takes requests. */
export async function startApiServer(): Promise<void> {
  await harness('start', 'apiserver');
}

/** Ends the API server without warning and starts it again: about five seconds without one. The controllers lag a few more. */
export async function restartApiServer(): Promise<void> {
  await harness('kill', 'apiserver');
  await harness('start', 'apiserver');
}

/**
 * Ends a node's kubelet: the node is gone as far as the cluster can tell, while its containers go on. After about 8 s it
 * is not ready, after 13 s its pods are being deleted; they stay "Terminating" until the kubelet is back.
 */
export async function loseNode(node: RealNode): Promise<void> {
  await harness('kill', `kubelet-${node}`);
}

/** Starts a node's kubelet again, and waits until the node takes pods. */
export async function returnNode(node: RealNode): Promise<void> {
  await harness('start', `kubelet-${node}`);
}

/** Stops the scheduler: new pods stay pending. */
export async function stopScheduler(): Promise<void> {
  await harness('stop', 'scheduler');
}

/** Starts the scheduler. */
export async function startScheduler(): Promise<void> {
  await harness('start', 'scheduler');
}

/** Stops the controllers: no Job makes pods or says that it is complete, no pod is collected. */
export async function stopControllers(): Promise<void> {
  await harness('stop', 'controller-manager');
}

/** Starts the controllers. */
export async function startControllers(): Promise<void> {
  await harness('start', 'controller-manager');
}

/**
 * Deletes a pod, as an eviction or a person would.
 * @param grace seconds that its containers get to end; 0 takes it away at once
 */
export async function deletePod(namespace: string, name: string, grace = 0): Promise<void> {
  const { CoreV1Api } = await import('@kubernetes/client-node');
  const core = (await testCluster()).makeApiClient(CoreV1Api);
  await core.deleteNamespacedPod({ namespace, name, gracePeriodSeconds: grace });
}
