/** Images for tests of the Docker runner, built from what is on this machine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Dockerode from 'dockerode';
import { pack, type Pack } from 'tar-stream';
import { dockerEngine } from '../../counterparts.ts';

/** A plain image of others: a shell, and nothing of ours. */
export const shellImage = 'ferrule-test/shell:latest';

/** Connects to the engine of the tests. */
export function docker(): Dockerode {
  const { pathname } = new URL(dockerEngine ?? 'unix:///var/run/docker.sock');
  return new Dockerode({ socketPath: pathname });
}

/** Builds an image that holds the program which runs components, as the images of a project do; returns its name. */
export async function executorImage(): Promise<string> {
  const program = readFileSync(join(import.meta.dirname, '../../../dist/executor/run.js'));
  const context = pack();
  context.entry(
    { name: 'Dockerfile' },
    'FROM node:22-slim\nCOPY run.mjs /ferrule/run.mjs\nENTRYPOINT ["/bin/false"]\nUSER 1000\n',
  );
  context.entry({ name: 'run.mjs' }, program);
  context.finalize();
  return build(context, 'ferrule-test/executor');
}

/** Builds an image from a packed context. */
export async function build(context: Pack, name: string): Promise<string> {
  const engine = docker();
  const stream = await engine.buildImage(Readable.from(context), { t: name });
  const events = await new Promise<readonly { readonly error?: string }[]>((resolve, reject) => {
    engine.modem.followProgress(stream, (error, all) => (error === null ? resolve(all) : reject(error)));
  });
  const failed = events.find(({ error }) => error !== undefined);
  if (failed !== undefined) throw new Error(failed.error);
  return name;
}
