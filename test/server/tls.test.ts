/** A server that speaks TLS, and those who speak with it. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIn, type Project } from '../cli/project.ts';
import { kfpPython } from '../counterparts.ts';
import { useServer } from '../deployed/client.ts';
import { makeAuthority, type Authority } from '../remotes/servers/google-names.ts';
import { makeServedProject, serve, type Serving } from './serving.ts';

let project: Project;
let authority: Authority;
let serving: Serving;
let file: (name: string) => string;

function write({ tls }: Authority): void {
  writeFileSync(file('tls.crt'), tls.cert);
  writeFileSync(file('tls.key'), tls.key);
}

beforeAll(async () => {
  project = await makeServedProject();
  file = (name) => join(project.folder, name);
  authority = makeAuthority();
  write(authority);
  serving = await serve(project, ['--tls-cert', 'tls.crt', '--tls-key', 'tls.key']);
});
afterAll(async () => {
  await serving.stop();
  authority.remove();
  project.remove();
});

/** Tells whom a server says to be signed by: trusts only that authority. */
function signedBy(ca: string): Promise<string> {
  return new Promise((done) => {
    const request = get(
      `${serving.url}/apis/v2beta1/healthz`,
      { ca: readFileSync(ca), agent: false },
      (answer) => {
        answer.resume();
        const { fingerprint256 } = (answer.socket as TLSSocket).getPeerCertificate();
        done(`${answer.statusCode} ${fingerprint256}`);
      },
    );
    request.on('error', ({ message }) => done(message));
  });
}

describe('a server with a certificate', () => {
  it('is spoken with by whoever trusts the authority, and by nobody without TLS', async () => {
    expect(serving.url).toMatch(/^https:/);
    expect(await signedBy(authority.ca)).toMatch(/^200 /);
    await expect(fetch(serving.url.replace('https', 'http'))).rejects.toThrow('fetch failed');
    await expect(fetch(serving.url)).rejects.toThrow('fetch failed');
  });

  it.skipIf(kfpPython === undefined)("serves KFP's client, which is told of the authority", async () => {
    const reached = { url: serving.url, ca: authority.ca };
    const finished = await useServer(reached, { package: file('data.yaml'), task: 'make' });
    expect(finished).toMatchObject({ state: 'SUCCEEDED', deleted: true });
  });

  it('serves our own client, which is told of the authority, and which names the trouble where it is not', async () => {
    const submit = (more: Readonly<Record<string, string>>) =>
      startIn(
        project.folder,
        ['submit', 'data.yaml', '--backend', 'kfp', '--host', serving.url, '--force'],
        more,
      ).ended;
    const told = await submit({ FERRULE_CA_FILE: authority.ca });
    expect(told.stderr).toBe('');
    expect(told.status).toBe(0);
    const untold = await submit({});
    expect(untold.status).toBe(1);
    expect(untold.stderr).toContain('certificate');
  });

  it('takes up a new certificate without a restart, and keeps the old one while the new one does not read', async () => {
    const before = await signedBy(authority.ca);
    const next = makeAuthority();
    try {
      copyFileSync(next.ca, file('next.pem'));
      // The certificate alone: its key comes later.
      writeFileSync(file('tls.crt'), next.tls.cert);
      await serving.started.said('the key is that of another certificate');
      expect(await signedBy(authority.ca)).toBe(before);
      writeFileSync(file('tls.key'), next.tls.key);
      let now = '';
      for (let tries = 0; tries < 60 && !now.startsWith('200'); tries++) {
        await wait(200);
        now = await signedBy(next.ca);
      }
      expect(now).toMatch(/^200 /);
      expect(now).not.toBe(before);
      expect(await signedBy(authority.ca)).not.toMatch(/^200 /);
    } finally {
      next.remove();
    }
  });

  it.each([
    [['--tls-cert', 'tls.crt'], 'named without its key'],
    [['--tls-cert', 'none.crt', '--tls-key', 'tls.key'], 'ENOENT'],
    [['--tls-cert', 'data.yaml', '--tls-key', 'tls.key'], 'does not read'],
  ])('does not start with %j', async (args, words) => {
    const refused = await project.ferrule('server', '--port', '0', ...args);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('FER9007');
    expect(refused.stderr).toContain(words);
  });
});
