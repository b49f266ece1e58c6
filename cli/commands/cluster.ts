import { UserError } from '../../errors/index.ts';
import { readClusterSettings } from '../cluster-config.ts';
import { resolveSettings } from '../settings.ts';

interface ManifestsOptions {
  readonly namespace?: string;
  readonly clusterConfig?: string;
  readonly annotation: readonly string[];
}

/** Prints what a namespace must have before runs can be there. */
export async function manifestsCommand(options: ManifestsOptions): Promise<void> {
  const config = await readClusterSettings(options, resolveSettings('.', undefined));
  const { namespace, driverServiceAccount: driver, serviceAccount: task } = config;
  const annotations = annotationsOf(options.annotation);
  const { manifests } = await import('../../runners/kubernetes/index.ts');
  process.stdout.write(
    manifests({
      ...(namespace !== undefined && { namespace }),
      ...(driver !== undefined && { driver }),
      ...(task !== undefined && { task }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    }),
  );
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
