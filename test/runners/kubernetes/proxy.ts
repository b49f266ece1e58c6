/** A way to the API server that can be cut. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** Breaks all connections that are open. */
  cut(): void;
  /** Passes nothing on any more over the connection that was opened last, and leaves it open. */
  freezeNewest(): void;
  close(): void;
}

/** Passes connections on to a host and port. */
export async function openProxy(target: URL): Promise<Proxy> {
  const open = new Set<Socket>();
  let newest: readonly Socket[] = [];
  const server = createServer((inner) => {
    const outer = connect({ host: target.hostname, port: Number(target.port || 443) });
    newest = [inner, outer];
    for (const [one, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // A server that listens on a port has an address of this form.
    port: (server.address() as AddressInfo).port,
    cut() {
      for (const socket of open) socket.resetAndDestroy();
    },
    freezeNewest() {
      for (const socket of newest) {
        socket.unpipe();
        socket.pause();
      }
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
