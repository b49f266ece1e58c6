/** The settings of a cluster: cluster.yaml, and what the command line says over it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../errors/index.ts';
import type { ClusterConfig } from '../runners/kubernetes/options.ts';
import type { Settings } from './settings.ts';

/** Options of every command that works with a cluster. */
export interface ClusterFlags {
  readonly namespace?: string;
  readonly context?: string;
  readonly queue?: string;
  readonly priorityClass?: string;
  readonly clusterConfig?: string;
}

/** Each option as it is typed, by the name of its value. */
export const clusterFlags = {
  namespace: '--namespace',
  context: '--context',
  queue: '--queue',
  priorityClass: '--priority-class',
  clusterConfig: '--cluster-config',
} as const satisfies Record<keyof ClusterFlags, string>;

/** A driver in a pod is given its settings as JSON, in this variable. */
const givenVariable = 'FERRULE_CLUSTER';

/**
 * Reads the settings of the cluster: those that a driver in a pod was given, else the file that was named, else
 * cluster.yaml of the project. Options come before them, FERRULE_IMAGE stands in for a runtimeImage that is not there.
 * @throws UserError FER1001 for a named file that is not there, FER6055 for one that does not read
 */
export async function readClusterSettings(flags: ClusterFlags, settings: Settings): Promise<ClusterConfig> {
  const { readClusterConfig } = await import('../runners/kubernetes/options.ts');
  const { text, from } = sourceOf(flags, settings);
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text);
  } catch (thrown) {
    throw new UserError('FER1001', {
      problem: `${from} is no YAML: ${messageOf(thrown)}`,
      fix: 'see docs/kubernetes.md for what it may hold',
      cause: thrown,
    });
  }
  const { namespace, context, queue, priorityClass } = flags;
  const over = Object.entries({ namespace, context, queue, priorityClass }).filter(
    ([, given]) => given !== undefined,
  );
  const file = readClusterConfig(value, from);
  const runtimeImage = await pinned(file.runtimeImage ?? settings.env['FERRULE_IMAGE'], settings);
  return readClusterConfig(
    { ...file, ...(runtimeImage !== undefined && { runtimeImage }), ...Object.fromEntries(over) },
    'what the options say of the cluster',
  );
}

/** A node that has pulled a tag once does not ask for it again: what was pushed here is named by its digest. */
export async function pinned(
  image: string | undefined,
  { cacheFolder }: Settings,
): Promise<string | undefined> {
  if (image === undefined || image === '') return undefined;
  const { lastPushed } = await import('../compiler/bundle/image-records.ts');
  return lastPushed(image, cacheFolder);
}

function sourceOf(
  { clusterConfig }: ClusterFlags,
  { projectRoot, env }: Settings,
): { readonly text: string; readonly from: string } {
  const given = env[givenVariable];
  if (given !== undefined && given !== '') return { text: given, from: `the variable ${givenVariable}` };
  const file = clusterConfig ?? join(projectRoot, 'cluster.yaml');
  if (clusterConfig === undefined && !existsSync(file)) return { text: '', from: file };
  try {
    return { text: readFileSync(file, 'utf8'), from: file };
  } catch (thrown) {
    throw new UserError('FER1001', {
      problem: `"${file}" cannot be read: ${messageOf(thrown)}`,
      fix: 'name the settings of a cluster with --cluster-config, or leave it out and put them into cluster.yaml',
      cause: thrown,
    });
  }
}
