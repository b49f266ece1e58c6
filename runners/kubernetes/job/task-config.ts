/** What a pod would get of a task's settings, for a component that hands them on to work of its own. */
import type { HandedOn } from '../../../engine/ports.ts';
import { UserError } from '../../../errors/index.ts';
import { resolveContainer, type JsonValue } from '../../../spec/index.ts';
import { resourcesOf } from './containers.ts';
import { configuredEnv, withoutRepeats } from '../environment.ts';
import { executorConfigSchema } from './executor-config.ts';
import { affinityOf, nodeSelectorOf, tolerationsOf } from './scheduling.ts';
import { configuredMounts } from './volumes.ts';

const nothing = { nodeSelector: {}, tolerations: [] };

/**
 * Writes KFP's TaskConfig: fragments of a pod, of the fields that are asked for. What is empty is left out.
 * @throws UserError FER6046 for settings that do not read
 */
export function taskConfigOf({ container, parameterValues, kubernetes, fields }: HandedOn): JsonValue {
  const parsed = executorConfigSchema.safeParse(kubernetes ?? {});
  if (!parsed.success)
    throw new UserError('FER6046', {
      problem: `the settings that are handed on do not read: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
      fix: 'compile the pipeline again',
    });
  const config = parsed.data;
  const { env, resources } = resolveContainer(
    { ...container, image: '', command: [], args: [] },
    { inputs: { parameterValues }, outputs: { outputFile: '' } },
    { runId: '', task: '' },
  );
  const { volumes, mounts } = configuredMounts(config);
  const parts: readonly (readonly [string, string, unknown])[] = [
    ['RESOURCES', 'resources', resourcesOf(resources)],
    ['ENV', 'env', withoutRepeats([...env, ...configuredEnv(config)])],
    ['KUBERNETES_AFFINITY', 'affinity', affinityOf(config) ?? {}],
    ['KUBERNETES_TOLERATIONS', 'tolerations', tolerationsOf(config, nothing, undefined)],
    ['KUBERNETES_NODE_SELECTOR', 'nodeSelector', nodeSelectorOf(config, nothing, undefined)],
    ['KUBERNETES_VOLUMES', 'volumes', volumes],
    ['KUBERNETES_VOLUMES', 'volumeMounts', mounts],
  ];
  const given = parts.filter(([field, , value]) => fields.has(field) && Object.keys(value ?? {}).length > 0);
  // Fragments of a manifest are JSON; what is undefined in them goes.
  return JSON.parse(
    JSON.stringify(Object.fromEntries(given.map(([, name, value]) => [name, value]))),
  ) as JsonValue;
}
