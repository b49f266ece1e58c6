/** A PostgreSQL server of its own, in a temporary folder. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { postgresFolder } from '../counterparts.ts';

export interface Postgres {
  /** Makes an empty database; gives its URL. */
  database(name: string): string;
  /** Ends it as a crash does: what was under way is cut off. */
  crash(): Promise<void>;
  /** Starts it again, at the same address. */
  restart(): Promise<void>;
  /** Has it answer nothing, as behind a network that is gone; gives what undoes that. */
  freeze(): () => void;
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'ferrule-postgres-'));
  const program = (name: string): string => join(postgresFolder ?? '', name);
  // It refuses to run as root: in a namespace of its own it is somebody else.
  const asUser = process.getuid?.() === 0 ? ['unshare', '-U', '--map-user=1000', '--map-group=1000'] : [];
  const run = (name: string, ...args: readonly string[]): readonly [string, readonly string[]] => {
    const [first = '', ...rest] = [...asUser, program(name), ...args];
    return [first, rest];
  };
  const data = join(folder, 'data');
  const made = spawnSync(...run('initdb', '-D', data, '-U', 'test', '--auth=trust', '--no-sync'), {
    cwd: folder,
  });
  if (made.status !== 0) throw new Error(String(made.stderr));
  const port = await freePort();
  const start = (): ChildProcess =>
    spawn(...run('postgres', '-D', data, '-p', `${port}`, '-k', folder, '-h', '127.0.0.1'), {
      cwd: folder,
      stdio: 'ignore',
    });
  let server = start();
  const sql = (text: string): number | null =>
    spawnSync(program('psql'), ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'test', 'postgres', '-c', text])
      .status;
  const answers = async (): Promise<void> => {
    for (let count = 0; sql('SELECT 1') !== 0; count++) {
      if (count > 100) throw new Error('PostgreSQL does not start');
      await wait(200);
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  };
  await answers();
  return {
    database(name) {
      if (sql(`CREATE DATABASE ${name}`) !== 0) throw new Error(`no database ${name}`);
      return `postgres://test@127.0.0.1:${port}/${name}`;
    },
    crash: () => end('SIGQUIT'),
    async restart() {
      server = start();
      await answers();
    },
    freeze() {
      const children = (): string[] =>
        String(spawnSync('ps', ['-o', 'pid=', '--ppid', `${server.pid}`]).stdout)
          .split(/\s+/)
          .filter(Boolean);
      const all = [`${server.pid}`, ...children()];
      const signal = (name: NodeJS.Signals): void => {
        for (const pid of all)
          try {
            process.kill(Number(pid), name);
          } catch {
            // One that has ended needs no signal.
          }
      };
      signal('SIGSTOP');
      return () => signal('SIGCONT');
    },
    async stop() {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
