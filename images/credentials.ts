/** Credentials for registries, from where `docker login` keeps them. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf, UserError } from '../errors/index.ts';
import type { Environment } from './engine.ts';

/** What the engine passes to a registry; empty fields mean: nobody in particular. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress?: string;
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/** The name that Docker Hub goes by in configurations. */
const dockerHub = 'https://index.docker.io/v1/';

/**
 * Finds the credentials for a registry: by a helper program of its own, in the common store, or in the file itself.
 * @param registry host with port; undefined for Docker Hub
 * @returns empty ones where there are none
 * @throws UserError FER6108 where the file does not read, or a helper fails
 */
export async function credentialsFor(registry: string | undefined, env: Environment): Promise<Credentials> {
  const file = join(env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'config.json');
  if (!existsSync(file)) return {};
  const config = readConfig(file);
  const server = registry ?? dockerHub;
  const helper = config.credHelpers?.[server] ?? config.credsStore;
  if (helper !== undefined) {
    const found = await askHelper(helper, server, env);
    if (found !== undefined) return found;
  }
  const entry = config.auths?.[server] ?? config.auths?.[`https://${server}`];
  if (entry?.identitytoken !== undefined)
    return { identitytoken: entry.identitytoken, serveraddress: server };
  if (entry?.auth === undefined || entry.auth === '') return {};
  const decoded = Buffer.from(entry.auth, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return { username: decoded.slice(0, colon), password: decoded.slice(colon + 1), serveraddress: server };
}

function readConfig(file: string): DockerConfig {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DockerConfig;
  } catch (error) {
    throw new UserError('FER6108', {
      problem: `${file} does not read: ${messageOf(error)}`,
      fix: 'mend it, or move it away and call docker login again',
      cause: error,
    });
  }
}

/** Asks `docker-credential-<helper>`; undefined where it knows nothing of the server. */
async function askHelper(helper: string, server: string, env: Environment): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper}`;
  const { status, stdout, stderr } = await call(program, server, env);
  if (status === 0) {
    const { Username, Secret } = JSON.parse(stdout) as { Username?: string; Secret?: string };
    return Username === '<token>'
      ? { identitytoken: Secret ?? '', serveraddress: server }
      : { username: Username ?? '', password: Secret ?? '', serveraddress: server };
  }
  const said = (stdout.trim() || stderr.trim()).split('\n').slice(-3).join('; ');
  if (/credentials not found/i.test(said)) return undefined;
  throw new UserError('FER6108', {
    problem: `${program}, which holds the credentials for ${server}, failed: ${said}`,
    fix: `try it by hand: echo ${server} | ${program} get; or take it out of ~/.docker/config.json`,
  });
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function call(program: string, input: string, env: Environment): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, ['get'], { env: { ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
    child.on('error', (error) => resolve({ status: null, stdout: '', stderr: messageOf(error) }));
    child.on('close', (status) => resolve({ status, ...said }));
    // A helper that ends without reading closes the pipe: its status says more than that.
    child.stdin.on('error', () => undefined);
    child.stdin.end(server(input));
  });
}

const server = (name: string): string => `${name}\n`;
