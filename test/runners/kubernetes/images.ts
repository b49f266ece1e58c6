/**
 * The image that stands in for ours: its `node` is a shell program that runs what comes after `--` in the launcher's
 * arguments, and does nothing for staging. So what a runner does is tested without a compiler and a store.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { digestOf, hexOf } from '../../../spec/index.ts';
import { dockerEngine, registry } from '../../counterparts.ts';
import { buildLauncher } from '../../launcher/pod.ts';

const version = 4;
export const standInImage = `${registry}/ferrule-test/stand-in:${version}`;

const standIn = `#!/bin/sh
case "$2" in
  stage-in|stage-out) echo "$2 was here"; exit 0;;
esac
while [ $# -gt 0 ] && [ "$1" != "--" ]; do shift; done
shift
exec "$@"
`;

/** Makes the image and pushes it, where the registry does not have it. */
export async function pushStandIn(): Promise<void> {
  const known = await fetch(`http://${registry}/v2/ferrule-test/stand-in/manifests/${version}`, {
    method: 'HEAD',
  });
  if (known.ok) return;
  await push(standInImage, { Dockerfile: dockerfile, node: standIn });
}

/** Makes an image with the launcher and the program that runs components; returns its name. */
export async function pushLauncher(): Promise<string> {
  await buildLauncher();
  const program = (name: string): string =>
    readFileSync(join(import.meta.dirname, '../../../dist', name), 'utf8');
  const files = {
    Dockerfile: `FROM ${process.env['FERRULE_TEST_NODE_IMAGE']}\nCOPY *.mjs /ferrule/\nUSER 1000\n`,
    'run.mjs': program('executor/run.js'),
    'launch.mjs': program('launcher/launch.js'),
  };
  const digest = hexOf(digestOf(JSON.stringify(files))).slice(0, 16);
  const image = `${registry}/ferrule-test/launcher:${digest}`;
  await push(image, files);
  return image;
}

async function push(image: string, files: Readonly<Record<string, string>>): Promise<void> {
  const docker = new Docker({ socketPath: (dockerEngine ?? '').replace('unix://', '') });
  const packed = pack();
  for (const [name, content] of Object.entries(files)) packed.entry({ name, mode: 0o755 }, content);
  packed.finalize();
  // The two packages' types of streams do not meet.
  const context = packed.pipe(new PassThrough());
  await finished(docker, await docker.buildImage(context, { t: image, version: '1' }));
  // The open registry wants credentials to be there, whatever they are.
  const authconfig = { username: '', password: '', serveraddress: registry ?? '' };
  await finished(docker, await docker.getImage(image).push({ authconfig }));
}

const dockerfile = `FROM ${process.env['FERRULE_TEST_SHELL_IMAGE']}
COPY node /bin/node
USER 1000
`;

/** Waits for the end of a build or push, whose errors are among its events. */
async function finished(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  const events = await new Promise<readonly { error?: string }[]>((resolve, reject) => {
    docker.modem.followProgress(stream, (error, all) => (error === null ? resolve(all) : reject(error)));
  });
  const failed = events.find(({ error }) => error !== undefined);
  if (failed !== undefined) throw new Error(failed.error);
}
