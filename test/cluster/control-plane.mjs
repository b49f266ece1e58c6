// etcd, the API server, the controllers and the scheduler.
import { join } from 'node:path';
import { api } from './api.mjs';
import { certificate, key } from './certificates.mjs';
import { httpAnswers, options, ready, start } from './daemon.mjs';
import { host, kubeconfig, serviceSubnet, state } from './places.mjs';
import { program } from './programs.mjs';

const etcdUrl = 'http://127.0.0.1:12379';
const peerUrl = 'http://127.0.0.1:12380';
export const etcdData = join(state, 'etcd');

/** The options of a part that works through the API server. There is one of each, so it need not ask whether it leads. */
const client = {
  kubeconfig,
  'leader-elect': false,
  'secure-port': 0,
  'kube-api-qps': 200,
  'kube-api-burst': 400,
};

/** How to start each part, without waiting for it to answer. */
export const controlPlane = {
  etcd: () =>
    start(
      'etcd',
      '/usr/bin/etcd',
      options({
        'data-dir': etcdData,
        'listen-client-urls': etcdUrl,
        'advertise-client-urls': etcdUrl,
        'listen-peer-urls': peerUrl,
        'initial-advertise-peer-urls': peerUrl,
        'initial-cluster': `default=${peerUrl}`,
        'log-level': 'warn',
        'unsafe-no-fsync': true,
      }),
    ),
  apiserver: () =>
    start(
      'apiserver',
      program.kubernetes('kube-apiserver'),
      options({
        'etcd-servers': etcdUrl,
        'bind-address': host,
        'advertise-address': host,
        'secure-port': 6443,
        'service-cluster-ip-range': serviceSubnet,
        'authorization-mode': 'Node,RBAC',
        'enable-admission-plugins': 'NodeRestriction',
        'client-ca-file': certificate('ca'),
        'tls-cert-file': certificate('apiserver'),
        'tls-private-key-file': key('apiserver'),
        'service-account-issuer': 'https://kubernetes.default.svc',
        'service-account-key-file': key('service-accounts'),
        'service-account-signing-key-file': key('service-accounts'),
        'kubelet-client-certificate': certificate('admin'),
        'kubelet-client-key': key('admin'),
        'kubelet-certificate-authority': certificate('ca'),
        'kubelet-preferred-address-types': 'InternalIP',
        // etcd 3.4 cannot say how far a watch is: with it, watchers would lag by tens of seconds.
        'feature-gates': 'WatchList=false',
        // A pod on a node that is gone is given up after seconds, not minutes.
        'default-not-ready-toleration-seconds': 5,
        'default-unreachable-toleration-seconds': 5,
      }),
    ),
  'controller-manager': () =>
    start(
      'controller-manager',
      program.kubernetes('kube-controller-manager'),
      options({
        ...client,
        'root-ca-file': certificate('ca'),
        'service-account-private-key-file': key('service-accounts'),
        'node-monitor-period': '1s',
        'node-monitor-grace-period': '8s',
        'concurrent-job-syncs': 10,
      }),
    ),
  scheduler: () => start('scheduler', program.kubernetes('kube-scheduler'), options(client)),
};

/** Waits until the API server takes requests. */
export const apiServerReady = () =>
  ready('apiserver', async () => (await api('GET', '/readyz')).status === 200);

/** Starts all of it in order, and waits until the API server takes requests. */
export async function startControlPlane() {
  controlPlane.etcd();
  await ready('etcd', httpAnswers(`${etcdUrl}/health`));
  controlPlane.apiserver();
  await apiServerReady();
  controlPlane['controller-manager']();
  controlPlane.scheduler();
}
