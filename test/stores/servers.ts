/** Real servers that speak as object stores do, started for a test file, each over a folder that outlives it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreEnv } from '../../stores/buckets/gcs-client.ts';

export interface StoreServer {
  /** What a client is told, to find it. */
  readonly env: StoreEnv;
  readonly endpoint: string;
  /** Makes a new bucket and gives its URI. */
  readonly freshBucket: () => Promise<string>;
  /** Kills the process at once. */
  kill(): Promise<void>;
  /** Starts it again, with what it held. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

let buckets = 0;

/** Starts fake-gcs-server. */
export async function startGcs(program: string): Promise<StoreServer> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await served(
    `${endpoint}/storage/v1/b?project=p`,
    program,
    (folder) =>
      // prettier-ignore
      ['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port), '-backend', 'filesystem',
        '-filesystem-root', folder, '-public-host', `127.0.0.1:${port}`, '-external-url', endpoint, '-log-level', 'error'],
    {},
  );
  return {
    ...server,
    endpoint,
    env: { FERRULE_GCS_ENDPOINT: endpoint },
    async freshBucket() {
      const name = `bucket-${++buckets}-${process.pid}`;
      const answer = await fetch(`${endpoint}/storage/v1/b?project=p`, {
        method: 'POST',
        body: JSON.stringify({ name }),
      });
      if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
      return `gs://${name}`;
    },
  };
}

/** Starts versitygw over a folder. */
export async function startS3(program: string): Promise<StoreServer> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const keys = { ROOT_ACCESS_KEY: 'tester', ROOT_SECRET_KEY: 'tester-secret' };
  const server = await served(
    `${endpoint}/`,
    program,
    (folder) => ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder],
    keys,
  );
  return {
    ...server,
    endpoint,
    env: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: keys.ROOT_ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: keys.ROOT_SECRET_KEY,
    },
    freshBucket() {
      // To this server every folder of its own is a bucket.
      const name = `bucket-${++buckets}-${process.pid}`;
      mkdirSync(join(server.folder, name));
      return Promise.resolve(`s3://${name}`);
    },
  };
}

async function served(
  url: string,
  program: string,
  args: (folder: string) => string[],
  env: Readonly<Record<string, string>>,
): Promise<Pick<StoreServer, 'kill' | 'start' | 'stop'> & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-store-'));
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn(program, args(folder), { stdio: 'ignore', env: { ...process.env, ...env } });
    await untilAnswering(url, child);
  };
  const kill = async (): Promise<void> => {
    const going = child;
    if (going === undefined || going.exitCode !== null || going.signalCode !== null) return;
    const ended = new Promise((resolve) => going.once('exit', resolve));
    going.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    folder,
    start,
    kill,
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilAnswering(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
