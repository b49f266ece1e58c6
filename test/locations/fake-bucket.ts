import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';

export interface FakeGcs {
  readonly endpoint: string;
  makeBucket(bucket: string): Promise<void>;
  put(bucket: string, name: string, content: string | Uint8Array): Promise<void>;
  stop(): void;
}

/** Starts a storage server with nothing in it, on a free port, in memory. */
export async function startFakeGcs(program: string): Promise<FakeGcs> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(
    program,
    // prettier-ignore
    ['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port), '-backend', 'memory',
      '-public-host', `127.0.0.1:${port}`, '-external-url', endpoint, '-log-level', 'error'],
    { stdio: 'ignore' },
  );
  await untilAnswering(`${endpoint}/storage/v1/b?project=p`, server);
  return {
    endpoint,
    makeBucket: (bucket) => post(`${endpoint}/storage/v1/b?project=p`, JSON.stringify({ name: bucket })),
    put: (bucket, name, content) =>
      post(
        `${endpoint}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`,
        content,
      ),
    stop: () => server.kill(),
  };
}

async function post(url: string, body: string | Uint8Array): Promise<void> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);
  const response = await fetch(url, { method: 'POST', body: bytes });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

async function untilAnswering(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`fake-gcs-server ended with ${server.exitCode}`);
    const answered = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

function freePort(): Promise<number> {
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
