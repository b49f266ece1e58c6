/**
 * Google's host names on this machine: a proxy that leads every name to one server here, and a certificate authority of our own. So
 * clients speak to `https://us-central1-kfp.pkg.dev` itself, and what they send is seen whole.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Authority {
  /** The file with its certificate. */
  readonly ca: string;
  readonly tls: { readonly key: string; readonly cert: string };
  remove(): void;
}

/** Makes an authority, and a certificate of it for Google's hosts and this machine. */
export function makeAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-ca-'));
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=Test authority',
    '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign',
    '-keyout', file('ca.key'), '-out', file('ca.pem')); // prettier-ignore
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=services',
    '-keyout',
    file('key.pem'),
    '-out',
    file('csr.pem'),
  );
  const names = 'DNS:*.pkg.dev,DNS:*.googleapis.com,DNS:localhost,IP:127.0.0.1';
  writeFileSync(
    file('ext'),
    `subjectAltName=${names}\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n`,
  );
  openssl(
    'x509',
    '-req',
    '-in',
    file('csr.pem'),
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    file('ext'),
    '-out',
    file('cert.pem'),
  );
  return {
    ca: file('ca.pem'),
    tls: { key: readFileSync(file('key.pem'), 'utf8'), cert: readFileSync(file('cert.pem'), 'utf8') },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Proxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a proxy that leads every CONNECT to a port of this machine. */
export async function startProxy(port: number): Promise<Proxy> {
  const open = new Set<Socket>();
  const server = createServer();
  server.on('connect', (_request, client: Socket) => {
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        client.destroy();
        target.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
