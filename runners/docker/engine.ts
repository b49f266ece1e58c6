/** The Docker engine of this machine, loaded and connected at first use. */
import type Dockerode from 'dockerode';
import type { Environment } from '../../executor/own-environment.ts';
import { engineAddress, type EngineAddress } from './engine-address.ts';
import { isGone, noEngine } from './engine-error.ts';

export interface Engine {
  readonly docker: Dockerode;
  /** Containers' users are others than they say: root in a container is whoever runs the engine. */
  readonly rootless: boolean;
  /** Files of this machine are labelled, and a container may not touch those that are not its own. */
  readonly selinux: boolean;
  readonly cores: number;
}

export interface EngineConnection {
  /**
   * Connects once; a failed try is tried anew at the next call.
   * @throws UserError FER6022 for an engine elsewhere, InfrastructureError FER6100 where none answers
   */
  get(): Promise<Engine>;
  /** Tells whether the engine stops answering within so many milliseconds. */
  goesAway(milliseconds: number): Promise<boolean>;
  /** Waits until the engine answers again. @returns false where it does not within so many milliseconds */
  comesBack(milliseconds: number, signal: AbortSignal): Promise<boolean>;
}

/** How often an engine that went away is asked for, in milliseconds. */
const askEvery = 500;

export function engineConnection(env: Environment): EngineConnection {
  let connected: Promise<Engine> | undefined;
  const get = (): Promise<Engine> => {
    const engine = connected ?? connect(env);
    connected = engine;
    engine.catch(() => (connected = undefined));
    return engine;
  };
  return {
    get,
    async goesAway(milliseconds) {
      const { docker } = await get();
      for (const deadline = Date.now() + milliseconds; Date.now() < deadline;) {
        try {
          await docker.ping();
        } catch (thrown) {
          return isGone(thrown);
        }
        await new Promise((resolve) => setTimeout(resolve, askEvery));
      }
      return false;
    },
    async comesBack(milliseconds, signal) {
      const { docker } = await get();
      const deadline = Date.now() + milliseconds;
      while (!signal.aborted) {
        try {
          await docker.ping();
          return true;
        } catch (thrown) {
          if (!isGone(thrown)) throw thrown;
        }
        if (Date.now() >= deadline) return false;
        await new Promise((resolve) => setTimeout(resolve, askEvery));
      }
      return false;
    },
  };
}

async function connect(env: Environment): Promise<Engine> {
  const address = engineAddress(env);
  const { default: Docker } = await import('dockerode');
  const docker = new Docker(
    address.kind === 'socket'
      ? { socketPath: address.path }
      : { host: address.host, port: address.port, protocol: 'http' },
  );
  try {
    const info = (await docker.info()) as EngineInfo;
    const security = info.SecurityOptions ?? [];
    return {
      docker,
      rootless: security.some((option) => option.includes('name=rootless')),
      selinux: security.some((option) => option.includes('name=selinux')),
      cores: info.NCPU ?? Infinity,
    };
  } catch (thrown) {
    throw noEngine(textOf(address), thrown);
  }
}

/** What is used of the engine's facts about itself. */
interface EngineInfo {
  readonly SecurityOptions?: readonly string[];
  readonly NCPU?: number;
}

function textOf(address: EngineAddress): string {
  return address.kind === 'socket' ? address.path : `${address.host}:${address.port}`;
}
