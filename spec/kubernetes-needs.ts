/** Settings for Kubernetes, seen from where there is none: what a task cannot do without, and what may be left out. */
import type { KubernetesExecutorConfig } from './platform-spec.ts';

/** They say where a pod goes and what it is called, not what comes out of it. */
const placement: ReadonlySet<string> = new Set([
  'nodeSelector',
  'nodeAffinity',
  'podAffinity',
  'tolerations',
  'podMetadata',
  'imagePullSecret',
  'securityContext',
]);

/** What a field stands for, in words. */
const words: Readonly<Record<string, string>> = {
  secretAsVolume: 'a Secret as a volume',
  secretAsEnv: 'a Secret as variables',
  configMapAsVolume: 'a ConfigMap as a volume',
  configMapAsEnv: 'a ConfigMap as variables',
  pvcMount: 'a volume claim',
  genericEphemeralVolume: 'an ephemeral volume',
  emptyDirMounts: 'an empty folder at a path of its own',
  fieldPathAsEnv: 'fields of its pod as variables',
  initContainers: 'containers before its own',
};

/**
 * Tells in words what a task needs that only Kubernetes has; undefined where it needs no such thing.
 * @param done names of settings that are done here as well
 */
export function neededOfKubernetes(
  settings: KubernetesExecutorConfig | undefined,
  done: ReadonlySet<string>,
): string | undefined {
  const needed = namesOf(settings).filter((name) => !placement.has(name) && !done.has(name));
  if (needed.length === 0) return undefined;
  return needed.map((name) => (words[name] === undefined ? name : `${words[name]} (${name})`)).join(', ');
}

/**
 * Names the settings that mean nothing here, and can be left out.
 * @param others names of settings that are left out here besides those of placement. @default none
 */
export function leftOutOfKubernetes(
  settings: KubernetesExecutorConfig | undefined,
  others: ReadonlySet<string> = new Set(),
): readonly string[] {
  return namesOf(settings).filter((name) => placement.has(name) || others.has(name));
}

/** A field that is empty asks for nothing. */
function namesOf(settings: KubernetesExecutorConfig | undefined): string[] {
  return Object.entries(settings ?? {}).flatMap(([name, value]) => {
    const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    return value === undefined || value === null || value === false || isEmpty ? [] : [name];
  });
}
