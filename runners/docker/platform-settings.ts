/** Settings for Kubernetes in a platform spec: which of them Docker can do, may leave, or must refuse. */
import { UserError } from '../../errors/index.ts';
import type { JsonValue, KubernetesExecutorConfig } from '../../spec/index.ts';
import { quantity } from './limits.ts';

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

/** What Docker does as well. */
const supported: ReadonlySet<string> = new Set([
  'activeDeadlineSeconds',
  'imagePullPolicy',
  'emptyDirMounts',
  'enabledSharedMemory',
]);

/** What a field stands for, in words. */
const words: Readonly<Record<string, string>> = {
  secretAsVolume: 'a Secret as a volume',
  secretAsEnv: 'a Secret as variables',
  configMapAsVolume: 'a ConfigMap as a volume',
  configMapAsEnv: 'a ConfigMap as variables',
  pvcMount: 'a volume claim',
  genericEphemeralVolume: 'an ephemeral volume',
  fieldPathAsEnv: 'fields of its pod as variables',
  initContainers: 'containers before its own',
};

/** Tells in words what a task needs that only Kubernetes has; undefined where it needs no such thing. */
export function neededOfKubernetes(settings: KubernetesExecutorConfig | undefined): string | undefined {
  const needed = namesOf(settings).filter((name) => !placement.has(name) && !supported.has(name));
  if (needed.length === 0) return undefined;
  return needed.map((name) => (words[name] === undefined ? name : `${words[name]} (${name})`)).join(', ');
}

/** Says in one line which settings have no meaning on Docker. */
export function ignoredSettings(settings: KubernetesExecutorConfig | undefined): readonly string[] {
  const ignored = namesOf(settings).filter((name) => placement.has(name));
  return ignored.length === 0
    ? []
    : [`ferrule: ${ignored.join(', ')}: settings for Kubernetes that mean nothing to Docker, left out`];
}

/** A field that is empty asks for nothing. */
function namesOf(settings: KubernetesExecutorConfig | undefined): string[] {
  return Object.entries(settings ?? {}).flatMap(([name, value]) => {
    const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    return value === undefined || value === null || value === false || isEmpty ? [] : [name];
  });
}

export interface ContainerSettings {
  readonly pull: 'if-absent' | 'always' | 'never';
  /** Folders in memory, by their path, with Docker's options. */
  readonly tmpfs: Readonly<Record<string, string>>;
  /** Bytes of /dev/shm. */
  readonly sharedMemory?: number;
}

/** Reads the settings that Docker can do. @throws UserError FER6021 for one that does not read */
export function containerSettings(settings: KubernetesExecutorConfig | undefined): ContainerSettings {
  const mounts = settings?.['emptyDirMounts'];
  const tmpfs = (isList(mounts) ? mounts : []).map((mount) => {
    const path = fieldOf(mount, 'mountPath');
    if (typeof path !== 'string' || !path.startsWith('/')) throw unreadable('emptyDirMounts', mount);
    const size = bytesOf(fieldOf(mount, 'sizeLimit'));
    // Whoever the task runs as may write there.
    return [path, `rw,exec,mode=1777${size === undefined ? '' : `,size=${size}`}`] as const;
  });
  const shared = settings?.['enabledSharedMemory'];
  const sharedMemory = bytesOf(fieldOf(shared ?? null, 'size'));
  return {
    pull: policyOf(settings?.['imagePullPolicy']),
    tmpfs: Object.fromEntries(tmpfs),
    ...(sharedMemory !== undefined && { sharedMemory }),
  };
}

function policyOf(policy: JsonValue | undefined): ContainerSettings['pull'] {
  return policy === 'Always' ? 'always' : policy === 'Never' ? 'never' : 'if-absent';
}

function bytesOf(value: JsonValue | undefined): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return quantity('a folder in memory', typeof value === 'string' ? value : JSON.stringify(value));
}

function fieldOf(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined;
  return value[name];
}

// Array.isArray does not narrow a readonly array away.
function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function unreadable(name: string, value: JsonValue): UserError {
  return new UserError('FER6021', {
    problem: `${name} in the platform spec does not read: ${JSON.stringify(value)}`,
    fix: 'write it as kfp-kubernetes does',
  });
}
