/** Settings for Kubernetes in a platform spec: which of them Docker can do, may leave, or must refuse. */
import { UserError } from '../../errors/index.ts';
import { leftOutOfKubernetes, type JsonValue, type KubernetesExecutorConfig } from '../../spec/index.ts';
import { quantity } from './limits.ts';

/** What Docker does as well. */
export const supported: ReadonlySet<string> = new Set([
  'activeDeadlineSeconds',
  'imagePullPolicy',
  'emptyDirMounts',
  'enabledSharedMemory',
]);

/** Says in one line which settings have no meaning on Docker. */
export function ignoredSettings(settings: KubernetesExecutorConfig | undefined): readonly string[] {
  const ignored = leftOutOfKubernetes(settings);
  return ignored.length === 0
    ? []
    : [`ferrule: ${ignored.join(', ')}: settings for Kubernetes that mean nothing to Docker, left out`];
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
