import { createServer, connect, type Socket } from 'node:net';

export interface SlowProxy {
  readonly endpoint: string;
  /** How many connections were cut. */
  cut(): number;
  close(): Promise<void>;
}

/** Passes connections on to a server, and cuts each after so many bytes of answer: a bad line. */
export async function slowProxy(endpoint: string, bytes: number): Promise<SlowProxy> {
  const { hostname, port } = new URL(endpoint);
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    let passed = 0;
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (passed < bytes) {
        near.write(chunk);
        return;
      }
      cuts += 1;
      near.write(chunk.subarray(0, chunk.length - (passed - bytes)), () => near.resetAndDestroy());
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
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
