/** Builds one image, where it is not what it would become already. */
import { stripVTControlCharacters } from 'node:util';
import type Docker from 'dockerode';
import { readDockerfile, type BuildArguments } from '../compiler/index.ts';
import { InfrastructureError, messageOf } from '../errors/index.ts';
import type { Digest } from '../spec/index.ts';
import { buildFailure, type FailedStep } from './build-failure.ts';
import type { EngineMessage, OnProgress } from './build-progress.ts';
import { Transfers } from './build-progress.ts';
import { digestOfContext, packContext, type Context } from './context.ts';
import { credentialsFor, type Credentials } from './credentials.ts';
import { engineGone, isBrokenConnection, type Environment } from './engine.ts';
import { followMessages } from './follow.ts';
import { dockerfileName } from './gather-context.ts';
import type { ImagePlan } from './image-plan.ts';
import { readReference } from './reference.ts';

/** Says of which context an image was built. */
const contextLabel = 'dev.ferrule.context';

export interface BuildOptions {
  readonly buildArguments: BuildArguments;
  /** Such as `linux/arm64`. */
  readonly platform?: string;
  /** Build every layer anew. */
  readonly noCache: boolean;
  readonly env: Environment;
  readonly onProgress: OnProgress;
}

export interface BuiltImage {
  readonly kind: 'built' | 'unchanged';
  readonly id: string;
  /** Bytes, base included. */
  readonly size: number;
}

/**
 * Builds an image of a context and names it.
 * @throws UserError FER6101 where a step fails
 */
export async function buildImage(
  docker: Docker,
  plan: ImagePlan,
  context: Context,
  options: BuildOptions,
): Promise<BuiltImage> {
  const { buildArguments, platform, noCache } = options;
  const digest = digestOfContext(context, { buildArguments, platform });
  const { bases } = readDockerfile(dockerfileIn(context), buildArguments);
  const present = await look(docker, plan.reference);
  if (!noCache && present !== undefined && (await isOf(docker, present, digest, bases)))
    return { kind: 'unchanged', id: present.Id, size: present.Size };
  await send(docker, plan, { context, digest, bases }, options);
  const { Id, Size } = await docker.getImage(plan.reference).inspect();
  return { kind: 'built', id: Id, size: Size };
}

async function send(
  docker: Docker,
  plan: ImagePlan,
  { context, digest, bases }: { context: Context; digest: Digest; bases: readonly string[] },
  options: BuildOptions,
): Promise<void> {
  const { buildArguments, platform, noCache, env, onProgress } = options;
  const step: FailedStep = { number: 0, of: 0, instruction: '', output: [] };
  try {
    const stream = await docker.buildImage(packContext(context), {
      t: plan.reference,
      dockerfile: dockerfileName,
      version: '1',
      nocache: noCache,
      forcerm: true,
      buildargs: { ...buildArguments },
      labels: { [contextLabel]: digest },
      registryconfig: await credentialsOf(bases, env),
      ...(platform !== undefined && { platform }),
    });
    const transfers = new Transfers();
    let failed: EngineMessage | undefined;
    let id: string | undefined;
    await followMessages(docker, stream, (message) => {
      if (message.error !== undefined) failed ??= message;
      id = message.aux?.ID ?? id;
      if (transfers.take(message))
        onProgress({
          image: plan.name,
          kind: 'transfer',
          doing: 'pulling',
          done: transfers.done,
          of: transfers.of,
        });
      for (const line of (message.stream ?? '').split('\n'))
        takeLine(stripVTControlCharacters(line).trimEnd(), step, plan.name, onProgress);
    });
    if (failed !== undefined) throw new Error(failed.errorDetail?.message ?? failed.error);
    // A stream that breaks off may look like one that ended.
    if (id === undefined) throw engineGone(plan.reference, 'it ended without a result');
  } catch (error) {
    if (error instanceof InfrastructureError) throw error;
    if (isBrokenConnection(error)) throw engineGone(plan.reference, messageOf(error));
    throw buildFailure(plan, step, error);
  }
}

function takeLine(line: string, step: FailedStep, image: string, onProgress: OnProgress): void {
  const start = /^Step (\d+)\/(\d+) : (.*)$/.exec(line);
  if (start !== null) {
    Object.assign(step, {
      number: Number(start[1]),
      of: Number(start[2]),
      instruction: start[3]?.replaceAll(/\s+/g, ' ') ?? '',
      output: [],
    });
    onProgress({ image, kind: 'step', number: step.number, of: step.of, instruction: step.instruction });
  } else if (line === ' ---> Using cache') onProgress({ image, kind: 'cached' });
  else if (
    line !== '' &&
    !/^ ---> |^Removing intermediate container |^Successfully (?:built|tagged) /.test(line)
  ) {
    step.output.push(line);
    onProgress({ image, kind: 'output', line });
  }
}

function dockerfileIn(context: Context): string {
  const content = context.find(({ path }) => path === dockerfileName)?.content;
  return typeof content === 'string' ? content : '';
}

/** Private bases are pulled by the engine, with credentials that it is sent. */
async function credentialsOf(
  bases: readonly string[],
  env: Environment,
): Promise<Record<string, { username: string; password: string }>> {
  const registries = new Set(bases.map((base) => readReference(base)?.registry));
  const entries = [...registries].map(async (registry) => {
    const found: Credentials = await credentialsFor(registry, env);
    const { username = '', password = '' } = found;
    return [registry ?? 'https://index.docker.io/v1/', { username, password, ...found }] as const;
  });
  return Object.fromEntries((await Promise.all(entries)).filter(([, { username }]) => username !== ''));
}

async function look(docker: Docker, reference: string): Promise<Docker.ImageInspectInfo | undefined> {
  try {
    return await docker.getImage(reference).inspect();
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return undefined;
    throw error;
  }
}

/** Whether an image was made of a context, and on the base that is here now: a tag may have moved since. */
async function isOf(
  docker: Docker,
  image: Docker.ImageInspectInfo,
  digest: Digest,
  bases: readonly string[],
): Promise<boolean> {
  if (image.Config.Labels?.[contextLabel] !== digest) return false;
  const base = await look(docker, bases.at(-1) ?? '');
  const layers = image.RootFS.Layers ?? [];
  return base?.RootFS.Layers?.every((layer, index) => layers[index] === layer) ?? true;
}
