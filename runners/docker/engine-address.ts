/** Where the Docker engine listens, found the way Docker's own command line finds it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors/index.ts';
import type { Environment } from '../../executor/own-environment.ts';

export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/**
 * Finds the address: DOCKER_HOST, else the context of DOCKER_CONTEXT or of `docker context use`, else the socket.
 * @throws UserError FER6022 for an engine on another machine, and for an address that does not read
 */
export function engineAddress(env: Environment): EngineAddress {
  const host = env['DOCKER_HOST'];
  if (host !== undefined && host !== '') return readAddress(host, 'DOCKER_HOST');
  const home = env['HOME'] ?? homedir();
  const config = env['DOCKER_CONFIG'] ?? join(home, '.docker');
  const context = env['DOCKER_CONTEXT'] ?? stringAt(readJson(join(config, 'config.json')), 'currentContext');
  if (context !== undefined && context !== '' && context !== 'default') {
    const name = createHash('sha256').update(context).digest('hex');
    const meta = readJson(join(config, 'contexts', 'meta', name, 'meta.json'));
    const found = stringAt(fieldOf(fieldOf(meta, 'Endpoints'), 'docker'), 'Host');
    if (found !== undefined) return readAddress(found, `the Docker context "${context}"`);
  }
  const sockets = [
    '/var/run/docker.sock',
    join(home, '.docker', 'run', 'docker.sock'),
    ...(env['XDG_RUNTIME_DIR'] === undefined ? [] : [join(env['XDG_RUNTIME_DIR'], 'docker.sock')]),
  ];
  return { kind: 'socket', path: sockets.find((socket) => existsSync(socket)) ?? '/var/run/docker.sock' };
}

const here: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function readAddress(address: string, from: string): EngineAddress {
  if (address.startsWith('unix://')) return { kind: 'socket', path: address.slice('unix://'.length) };
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isTcp = url?.protocol === 'tcp:' || url?.protocol === 'http:';
  if (url !== undefined && isTcp && here.has(url.hostname))
    return { kind: 'tcp', host: url.hostname.replaceAll(/[[\]]/g, ''), port: Number(url.port || 2375) };
  throw new UserError('FER6022', {
    problem:
      url?.hostname === undefined || url.hostname === ''
        ? `${from} is ${address}, which is no address of a Docker engine`
        : `${from} is ${address}: the Docker runner needs an engine on this machine, which sees its files`,
    fix: 'unset it to use the engine of this machine, or run on a cluster with --runner kubernetes',
  });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function stringAt(value: unknown, name: string): string | undefined {
  const found = fieldOf(value, name);
  return typeof found === 'string' ? found : undefined;
}
