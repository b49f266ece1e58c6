/** A way to the Docker engine that can be taken away, and that any user may use. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerEngine } from '../../counterparts.ts';

export interface Relay {
  /** As DOCKER_HOST has it. */
  readonly address: string;
  /** Breaks every connection, and takes none, as an engine that is gone. */
  breakOff(): Promise<void>;
  /** Takes connections again. */
  comeBack(): Promise<void>;
}

/** Opens a socket that leads to the engine's. */
export async function relaySocket(): Promise<Relay> {
  const { pathname } = new URL(dockerEngine ?? '');
  const folder = await mkdtemp(join(tmpdir(), 'ferrule-socket-'));
  await chmod(folder, 0o755);
  const path = join(folder, 'docker.sock');
  const open = new Set<Socket>();
  let server: Server | undefined;
  const comeBack = async (): Promise<void> => {
    const listening = createServer((client) => {
      const engine = connect(pathname);
      open.add(client);
      client.pipe(engine).pipe(client);
      client.on('error', () => engine.destroy());
      client.on('close', () => void (open.delete(client), engine.destroy()));
      engine.on('error', () => client.destroy());
    });
    await new Promise<void>((resolve) => listening.listen(path, resolve));
    await chmod(path, 0o666);
    server = listening;
  };
  await comeBack();
  return {
    address: `unix://${path}`,
    async breakOff() {
      const closed = new Promise((resolve) => server?.close(resolve));
      for (const client of open) client.destroy();
      await closed;
      await rm(path, { force: true });
    },
    comeBack,
  };
}
