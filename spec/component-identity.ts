/**
 * How a TypeScript component's identity travels in a container's command and args, so that a spec alone says what
 * code runs. KFP's cache keys on args, so a change of code is a miss there too.
 */
import { isDigest, type Digest } from './digest.ts';
import type { ContainerSpec } from './pipeline-spec.ts';

/** What makes two executions of a component the same computation, besides its inputs. */
export interface ComponentIdentity {
  /** The exported name of the component. */
  readonly function: string;
  /** Digest of the bundle folder: the bundled code and the declared assets. */
  readonly code: Digest;
  /** Digest over version and integrity of every package left out of the bundle, transitively. */
  readonly natives?: Digest;
  /** Digest of the Dockerfile and of what else it copies. */
  readonly recipe?: Digest;
  /** Parameters whose values are locations that the component reads by itself. */
  readonly reads: readonly string[];
  /** Input artifacts that are lists: a running component cannot tell a list of one from a single artifact. */
  readonly artifactLists?: readonly string[];
  /** Parts of the platform that the cache key shall hold. */
  readonly vary: readonly Vary[];
  /** A text of the user's that sets cache entries apart. */
  readonly salt?: string;
  /** Seconds after which a cache entry no longer counts. */
  readonly maxAge?: number;
  /** Whether the local runner must give each task a fresh process. */
  readonly isolate: boolean;
  /** Names of environment variables whose values are secret: taken from the runner's environment, masked in logs. */
  readonly secretEnv: readonly string[];
  /** Whether the task names the image, and not the component: what that holds is known by its digest alone. */
  readonly taskImage?: boolean;
  /** The bundle folder itself, packed, where the spec carries it. */
  readonly payload?: string;
}

export type Vary = 'platform' | 'accelerator' | 'node';

/** The program that our images run. */
export const executorCommand = ['node', '/ferrule/run.mjs'] as const;

/** One Linux argument holds less than 128 KiB: payloads are cut into chunks of this many characters. */
const payloadChunk = 100_000;

/** Writes an identity as container arguments, `{{$}}` included. */
export function writeIdentityArgs(identity: ComponentIdentity): string[] {
  const args = [
    '--executor_input',
    '{{$}}',
    '--function_to_execute',
    identity.function,
    '--code',
    identity.code,
  ];
  if (identity.natives !== undefined) args.push('--natives', identity.natives);
  if (identity.recipe !== undefined) args.push('--recipe', identity.recipe);
  for (const name of identity.reads) args.push('--reads', name);
  for (const name of identity.artifactLists ?? []) args.push('--artifact-list', name);
  for (const part of identity.vary) args.push('--vary', part);
  if (identity.salt !== undefined) args.push('--salt', identity.salt);
  if (identity.maxAge !== undefined) args.push('--max-age', `${identity.maxAge}`);
  if (identity.isolate) args.push('--isolate');
  for (const name of identity.secretEnv) args.push('--secret-env', name);
  if (identity.taskImage === true) args.push('--task-image');
  for (let at = 0; at < (identity.payload?.length ?? 0); at += payloadChunk)
    args.push('--payload', identity.payload?.slice(at, at + payloadChunk) ?? '');
  return args;
}

/** Reads an identity back from a container; undefined where the container is not a TypeScript component of ours. */
export function readIdentity(container: ContainerSpec): ComponentIdentity | undefined {
  const args = container.args ?? [];
  const one = (flag: string): string | undefined => valuesOf(args, flag)[0];
  const digest = (flag: string): Digest | undefined => {
    const text = one(flag);
    return text !== undefined && isDigest(text) ? text : undefined;
  };
  const code = digest('--code');
  const name = one('--function_to_execute');
  if (container.command?.[0] !== 'node' || code === undefined || name === undefined) return undefined;
  const natives = digest('--natives');
  const recipe = digest('--recipe');
  const salt = one('--salt');
  const maxAge = one('--max-age');
  const payload = valuesOf(args, '--payload').join('');
  return {
    function: name,
    code,
    ...(natives && { natives }),
    ...(recipe && { recipe }),
    reads: valuesOf(args, '--reads'),
    artifactLists: valuesOf(args, '--artifact-list'),
    vary: valuesOf(args, '--vary').filter(
      (part) => part === 'platform' || part === 'accelerator' || part === 'node',
    ),
    ...(salt !== undefined && { salt }),
    ...(maxAge !== undefined && { maxAge: Number(maxAge) }),
    isolate: args.includes('--isolate'),
    secretEnv: valuesOf(args, '--secret-env'),
    ...(args.includes('--task-image') && { taskImage: true }),
    ...(payload !== '' && { payload }),
  };
}

function valuesOf(args: readonly string[], flag: string): string[] {
  return args.flatMap((arg, index) =>
    arg === flag && args[index + 1] !== undefined ? [args[index + 1] ?? ''] : [],
  );
}
