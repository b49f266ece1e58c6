import { createServer, connect, type Socket } from 'node:net';

export interface SlowProxy {
  readonly endpoint: string;
  /** How many connections were cut. */
  cut(): number;
  /** Sets after how many bytes a connection is cut, and how many are cut. */
  cutAfter(bytes: number, times?: number): void;
  close(): Promise<void>;
}

/** Passes connections on to a server, and cuts each after so many bytes, of answer or of request: a bad line. */
export async function slowProxy(endpoint: string): Promise<SlowProxy> {
  const { hostname, port } = new URL(endpoint);
  const open = new Set<Socket>();
  let cuts = 0;
  let limit = Number.POSITIVE_INFINITY;
  let left = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    let passed = 0;
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    let sent = 0;
    near.on('data', (chunk: Buffer) => {
      sent += chunk.length;
      if (sent < limit || left <= 0) {
        if (!far.write(chunk)) near.pause();
        return;
      }
      cuts += 1;
      left -= 1;
      near.resetAndDestroy();
      far.destroy();
    });
    far.on('drain', () => near.resume());
    far.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (passed < limit || left <= 0) {
        near.write(chunk);
        return;
      }
      cuts += 1;
      left -= 1;
      near.write(chunk.subarray(0, Math.max(0, chunk.length - (passed - limit))), () =>
        near.resetAndDestroy(),
      );
      far.destroy();
    });
    far.on('end', () => near.end());
    near.on('close', () => far.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const own = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${own}`,
    cut: () => cuts,
    cutAfter: (bytes, times = Number.POSITIVE_INFINITY) => {
      limit = bytes;
      left = times;
    },
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
