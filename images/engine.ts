/** The Docker engine that builds and pushes. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { InfrastructureError, messageOf } from '../errors/index.ts';
import type { Target } from './natives.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Engine {
  readonly docker: Docker;
  /** The machine that it builds for, where nothing else is asked for. */
  readonly target: Target;
}

/**
 * Connects to the engine that DOCKER_HOST names, else to the one of this machine.
 * @throws InfrastructureError FER6100 where none answers
 */
export async function connectEngine(env: Environment): Promise<Engine> {
  const { default: Docker } = await import('dockerode');
  const host = env['DOCKER_HOST'] ?? '';
  const socket = host === '' ? localSocket() : /^unix:\/\/(.*)$/.exec(host)?.[1];
  try {
    // Any other kind of address is read from the environment by the client itself.
    const docker = socket === undefined ? new Docker() : new Docker({ socketPath: socket });
    const { Arch } = await docker.version();
    return { docker, target: targetOf(Arch) };
  } catch (error) {
    throw new InfrastructureError('FER6100', {
      problem: `no Docker engine answers at ${host === '' ? socket : host}: ${messageOf(error)}`,
      fix: 'start Docker (Docker Desktop, or: sudo systemctl start docker), or point DOCKER_HOST to an engine; on Linux your user must be in the group docker',
      retryable: true,
      cause: error,
    });
  }
}

/** The error where an engine goes away in the middle of its work. */
export function engineGone(reference: string, message: string): InfrastructureError {
  return new InfrastructureError('FER6100', {
    problem: `the Docker engine went away while it worked on ${reference}: ${message}`,
    fix: 'look whether it runs (docker info), then try again: layers that were finished are kept',
    retryable: true,
  });
}

/** Whether an error is that of a connection, not of the work that was asked for. */
export function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE' || syscall === 'connect';
}

/** Docker Desktop and Colima put their sockets into the home folder. */
function localSocket(): string {
  const usual = '/var/run/docker.sock';
  const home = ['.docker/run/docker.sock', '.colima/default/docker.sock'].map((name) =>
    join(homedir(), name),
  );
  return [usual, ...home].find((file) => existsSync(file)) ?? usual;
}

/** Translates Docker's name of an architecture, or a platform such as `linux/arm64`, to Node.js's. */
export function targetOf(platform: string): Target {
  const architecture = platform.split('/').at(-1) ?? platform;
  const known: Readonly<Record<string, string>> = {
    amd64: 'x64',
    x86_64: 'x64',
    arm64: 'arm64',
    aarch64: 'arm64',
  };
  const cpu = known[architecture];
  return cpu === undefined ? {} : { cpu };
}
