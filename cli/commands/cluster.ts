import { UserError } from '../../errors/index.ts';
import type { ClusterConfig } from '../../runners/kubernetes/options.ts';
import type { ManifestOptions } from '../../runners/kubernetes/manifests.ts';
import { pinned, readClusterSettings } from '../cluster-config.ts';
import { requireShared } from '../runner-choice.ts';
import { resolveSettings, type Settings } from '../settings.ts';

interface ManifestsOptions {
  readonly namespace?: string;
  readonly clusterConfig?: string;
  readonly annotation: readonly string[];
  readonly server?: boolean;
  readonly image?: string;
  readonly root?: string;
  readonly volume: string;
  readonly tlsSecret?: string;
}

/** Prints what a namespace must have before runs can be there. */
export async function manifestsCommand(options: ManifestsOptions): Promise<void> {
  const settings = resolveSettings('.', options.root);
  const config = await readClusterSettings(options, settings);
  const { namespace, driverServiceAccount: driver, serviceAccount: task } = config;
  const annotations = annotationsOf(options.annotation);
  const { manifests } = await import('../../runners/kubernetes/index.ts');
  process.stdout.write(
    manifests({
      ...(namespace !== undefined && { namespace }),
      ...(driver !== undefined && { driver }),
      ...(task !== undefined && { task }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ...(options.server === true && { server: await serverOf(options, config, settings) }),
    }),
  );
}

async function serverOf(
  { image, volume, tlsSecret }: ManifestsOptions,
  config: ClusterConfig,
  settings: Settings,
): Promise<NonNullable<ManifestOptions['server']>> {
  requireShared(settings.root);
  const named = await pinned(image ?? settings.env['FERRULE_SERVER_IMAGE'], settings);
  if (named === undefined)
    throw new UserError('FER1002', {
      problem: 'the manifests of a server need its image, and none is named',
      fix: 'make one with `ferrule build --server --push`, and name it: --image or FERRULE_SERVER_IMAGE',
    });
  return { image: named, root: settings.root, config, volume, ...(tlsSecret !== undefined && { tlsSecret }) };
}

function annotationsOf(given: readonly string[]): Record<string, string> {
  const pairs = given.map((text): [string, string] => {
    const at = text.indexOf('=');
    if (at < 1)
      throw new UserError('FER1002', {
        problem: `--annotation ${text} names no value`,
        fix: 'write it as --annotation NAME=VALUE',
      });
    return [text.slice(0, at), text.slice(at + 1)];
  });
  return Object.fromEntries(pairs);
}
