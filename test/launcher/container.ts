/** The launcher in a container that is held to what a pod of ours is: no root, nothing writable but the work folders. */
import { resolve } from 'node:path';
import Docker from 'dockerode';
import { dockerEngine, s3Keys, s3Server, gcsServer } from '../counterparts.ts';
import { withoutLastLine } from './pod.ts';

export interface ContainerEnd {
  readonly status: number;
  readonly output: string;
}

/** What a driver and a pod have in their environment to reach the servers of the tests. */
export const storeEnv: Readonly<Record<string, string>> = {
  FERRULE_GCS_ENDPOINT: gcsServer ?? '',
  AWS_ENDPOINT_URL_S3: s3Server ?? '',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: s3Keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: s3Keys.secretAccessKey,
};

const launcher = resolve(import.meta.dirname, '../../dist/launcher/launch.js');

/**
 * Runs the launcher to its end.
 * @param image a folder with the program and the bundle of a component: it stands at /ferrule
 */
export async function launchInContainer(args: readonly string[], image: string): Promise<ContainerEnd> {
  const docker = new Docker({ socketPath: (dockerEngine ?? '').replace('unix://', '') });
  const container = await docker.createContainer({
    Image: process.env['FERRULE_TEST_NODE_IMAGE'] ?? '',
    Cmd: ['node', '/launch.mjs', ...args],
    User: '1000:1000',
    Env: Object.entries({ ...storeEnv, HOME: '/tmp' }).map(([name, value]) => `${name}=${value}`),
    HostConfig: {
      Binds: [`${launcher}:/launch.mjs:ro`, `${image}:/ferrule:ro`],
      ReadonlyRootfs: true,
      Tmpfs: Object.fromEntries(['/tmp', '/gcs', '/s3', '/ferrule-work'].map((path) => [path, 'mode=1777'])),
    },
  });
  try {
    await container.start();
    const { StatusCode: status } = (await container.wait()) as { readonly StatusCode: number };
    const logs = await container.logs({ stdout: true, stderr: true });
    return { status, output: withoutLastLine(withoutFrames(logs)) };
  } finally {
    await container.remove({ force: true, v: true });
  }
}

/** Takes the headers of eight bytes out of an engine's log. */
function withoutFrames(log: Buffer): string {
  const texts: string[] = [];
  for (let at = 0; at + 8 <= log.length;) {
    const end = at + 8 + log.readUInt32BE(at + 4);
    texts.push(log.subarray(at + 8, end).toString('utf8'));
    at = end;
  }
  return texts.join('');
}
