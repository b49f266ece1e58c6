// The certificates of the test cluster: an authority, the API server, an administrator, and each node.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiServer, apiServiceAddress, certificates, host, kubeconfig, nodes } from './places.mjs';

export const certificate = (/** @type {string} */ name) => join(certificates, `${name}.crt`);
export const key = (/** @type {string} */ name) => join(certificates, `${name}.key`);
const openssl = (/** @type {string[]} */ ...args) =>
  execFileSync('openssl', args, { stdio: 'pipe', cwd: certificates });
const ellipticCurve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function issue(
  /** @type {string} */ name,
  /** @type {string} */ subject,
  /** @type {readonly string[]} */ names = [],
) {
  const request = join(certificates, `${name}.csr`);
  openssl('req', '-new', ...ellipticCurve, '-subj', subject, '-keyout', key(name), '-out', request);
  const extensions = join(certificates, `${name}.ext`);
  writeFileSync(
    extensions,
    `extendedKeyUsage=serverAuth,clientAuth\n${names.length > 0 ? `subjectAltName=${names.join(',')}\n` : ''}`,
  );
  const signer = ['-CA', certificate('ca'), '-CAkey', key('ca'), '-CAcreateserial'];
  openssl(
    'x509',
    '-req',
    '-in',
    request,
    ...signer,
    '-days',
    '3650',
    '-extfile',
    extensions,
    '-out',
    certificate(name),
  );
}

/** Writes a kubeconfig that holds its certificates, so that it can be mounted or copied alone. */
function writeKubeconfig(/** @type {string} */ file, /** @type {string} */ name) {
  const inline = (/** @type {string} */ path) => readFileSync(path).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'ferrule-test',
        cluster: { server: apiServer, 'certificate-authority-data': inline(certificate('ca')) },
      },
    ],
    users: [
      {
        name,
        user: { 'client-certificate-data': inline(certificate(name)), 'client-key-data': inline(key(name)) },
      },
    ],
    contexts: [{ name: 'ferrule-test', context: { cluster: 'ferrule-test', user: name } }],
    'current-context': 'ferrule-test',
  };
  // JSON is YAML.
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}

export const nodeKubeconfig = (/** @type {string} */ name) => join(certificates, `${name}.kubeconfig.yaml`);

/** Makes what is missing, and a kubeconfig for the administrator and for each node. */
export function issueCertificates() {
  if (existsSync(join(certificates, 'complete')) && existsSync(kubeconfig)) return;
  mkdirSync(certificates, { recursive: true, mode: 0o700 });
  const ca = ['-subj', '/CN=ferrule-test', '-keyout', key('ca'), '-out', certificate('ca')];
  openssl('req', '-x509', ...ellipticCurve, '-days', '3650', ...ca);
  issue('apiserver', '/CN=kube-apiserver', [
    ...['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'].map(
      (name) => `DNS:${name}`,
    ),
    ...['127.0.0.1', host, apiServiceAddress].map((address) => `IP:${address}`),
  ]);
  issue('admin', '/O=system:masters/CN=admin');
  for (const { name, address } of nodes) {
    issue(name, `/O=system:nodes/CN=system:node:${name}`, [`DNS:${name}`, `IP:${address}`]);
    writeKubeconfig(nodeKubeconfig(name), name);
  }
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key('service-accounts'));
  writeKubeconfig(kubeconfig, 'admin');
  writeFileSync(join(certificates, 'complete'), '');
}
