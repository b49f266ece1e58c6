// A registry, a GCS server and an S3 server, each at one address for the host, containers and pods.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { httpAnswers, options, ready, start } from './daemon.mjs';
import { gcsUrl, host, registry, s3Keys, s3Url, state } from './places.mjs';
import { program } from './programs.mjs';

async function startRegistry() {
  const config = {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(state, 'registry') }, delete: { enabled: true } },
    http: { addr: registry },
  };
  const file = join(state, 'registry.yaml');
  writeFileSync(file, JSON.stringify(config));
  start('registry', '/usr/bin/docker-registry', ['serve', file], { OTEL_TRACES_EXPORTER: 'none' });
  await ready('registry', httpAnswers(`http://${registry}/v2/`));
}

async function startGcs() {
  const { host: authority, port } = new URL(gcsUrl);
  start(
    'gcs',
    program.gcs(),
    options({
      scheme: 'http',
      host,
      port,
      backend: 'memory',
      'public-host': authority,
      // Makes the places of resumable uploads right.
      'external-url': gcsUrl,
      'log-level': 'warn',
    }),
  );
  await ready('gcs', httpAnswers(`${gcsUrl}/storage/v1/b?project=test`));
}

async function startS3() {
  const folder = join(state, 's3');
  mkdirSync(folder, { recursive: true });
  const address = new URL(s3Url).host;
  // The keys come by the environment, where a list of processes does not show them.
  start('s3', program.s3(), ['--port', address, '--quiet', 'posix', folder], {
    ROOT_ACCESS_KEY: s3Keys.access,
    ROOT_SECRET_KEY: s3Keys.secret,
  });
  await ready('s3', httpAnswers(s3Url));
}

/** Starts the three servers; what runs already is left. */
export async function startStores() {
  await Promise.all([startRegistry(), startGcs(), startS3()]);
}

export const stores = ['s3', 'gcs', 'registry'];
