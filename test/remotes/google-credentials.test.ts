import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { googleCredentials } from '../../remotes/credentials/google.ts';
import { startServer } from './servers/test-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'ferrule-google-'));
const before = { ...process.env };
afterEach(() => {
  for (const name of ['GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION', 'HOME']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('credentials of Google Cloud', () => {
  it('are those of a key file, got anew when they were refused', async () => {
    let given = 0;
    const sts = await startServer(() => ({
      body: {
        access_token: `token-${++given}`,
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 3600,
      },
    }));
    writeFileSync(join(folder, 'subject'), 'subject-token');
    const key = join(folder, 'key.json');
    writeFileSync(
      key,
      JSON.stringify({
        type: 'external_account',
        audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/ci',
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `${sts.url}/v1/token`,
        credential_source: { file: join(folder, 'subject') },
      }),
    );
    const credentials = googleCredentials({
      GOOGLE_APPLICATION_CREDENTIALS: key,
      GOOGLE_CLOUD_PROJECT: 'named',
    });
    expect(await credentials.headers()).toMatchObject({ authorization: 'Bearer token-1' });
    expect(await credentials.headers()).toMatchObject({ authorization: 'Bearer token-1' });
    expect(await credentials.renew()).toBe(true);
    expect(await credentials.headers()).toMatchObject({ authorization: 'Bearer token-2' });
    expect(await credentials.project()).toBe('named');
    await sts.close();
  });

  it('are those of the machine, in Google Cloud', async () => {
    const flavour = { 'metadata-flavor': 'Google' };
    const metadata = await startServer(({ path }) => {
      if (path.endsWith('/token'))
        return {
          headers: flavour,
          body: { access_token: 'of-the-machine', expires_in: 3600, token_type: 'Bearer' },
        };
      if (path.endsWith('/project-id')) return { headers: flavour, body: 'its-project' };
      return { headers: flavour, body: 'ok' };
    });
    process.env['GCE_METADATA_HOST'] = metadata.url.slice('http://'.length);
    process.env['HOME'] = folder;
    const credentials = googleCredentials({});
    expect(await credentials.headers()).toMatchObject({ authorization: 'Bearer of-the-machine' });
    expect(await credentials.project()).toBe('its-project');
    await metadata.close();
  });

  it('say what to do where there are none, and where the key file is none', async () => {
    process.env['METADATA_SERVER_DETECTION'] = 'none';
    process.env['HOME'] = folder;
    const expected = {
      code: 'FER8002',
      fix: expect.stringContaining('gcloud auth application-default login') as string,
    };
    await expect(googleCredentials({}).headers()).rejects.toMatchObject(expected);
    const missing = googleCredentials({ GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'none.json') });
    await expect(missing.headers()).rejects.toMatchObject(expected);
    writeFileSync(join(folder, 'bad.json'), 'not json');
    const bad = googleCredentials({ GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'bad.json') });
    await expect(bad.headers()).rejects.toMatchObject(expected);
    expect(await googleCredentials({}).project()).toBeUndefined();
  });
});
