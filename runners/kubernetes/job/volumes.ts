/** What is mounted into the pod of an attempt. */
import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { chosenName, type ExecutorConfig } from './executor-config.ts';

/** Volumes of a pod, and where its component sees them. */
export interface Mounts {
  readonly volumes: readonly V1Volume[];
  readonly mounts: readonly V1VolumeMount[];
}

/** Where KFP's rules put artifacts on local paths, and what must be writable where the root file system is not. */
const workPlaces = ['/tmp', '/gcs', '/s3', '/minio', '/ferrule-work'] as const;

/** Gives the empty folders that every container of the pod shares. */
export function workFolders(): Mounts {
  const named = workPlaces.map((path) => ({ path, name: `work-${path.replace(/^\/(ferrule-)?/, '')}` }));
  return {
    volumes: named.map(({ name }) => ({ name, emptyDir: {} })),
    mounts: named.map(({ name, path }) => ({ name, mountPath: path })),
  };
}

/** Gives what the platform spec mounts into the component's container. */
export function configuredMounts(config: ExecutorConfig): Mounts {
  const all = [
    ...secretVolumes(config),
    ...configMapVolumes(config),
    ...claims(config),
    ...ephemeralVolumes(config),
    ...emptyDirs(config),
    ...sharedMemory(config),
  ];
  const volumes = new Map(all.map(({ volume }) => [volume.name, volume]));
  return { volumes: [...volumes.values()], mounts: all.map(({ mount }) => mount) };
}

interface Mounted {
  readonly volume: V1Volume;
  readonly mount: V1VolumeMount;
}

function secretVolumes({ secretAsVolume = [] }: ExecutorConfig): Mounted[] {
  return secretAsVolume.flatMap(({ secretName, secretNameParameter, mountPath, optional = false }) => {
    const name = chosenName(secretNameParameter, secretName);
    if (name === null) return [];
    const volume = volumeName('secret', name);
    return [
      {
        volume: { name: volume, secret: { secretName: name, optional } },
        mount: { name: volume, mountPath },
      },
    ];
  });
}

function configMapVolumes({ configMapAsVolume = [] }: ExecutorConfig): Mounted[] {
  return configMapAsVolume.flatMap(
    ({ configMapName, configMapNameParameter, mountPath, optional = false }) => {
      const name = chosenName(configMapNameParameter, configMapName);
      if (name === null) return [];
      const volume = volumeName('config', name);
      return [
        { volume: { name: volume, configMap: { name, optional } }, mount: { name: volume, mountPath } },
      ];
    },
  );
}

function claims({ pvcMount = [] }: ExecutorConfig): Mounted[] {
  return pvcMount.flatMap(({ constant, pvcNameParameter, mountPath, subPath = '' }) => {
    const claimName = chosenName(pvcNameParameter, constant);
    if (claimName === null) return [];
    const name = volumeName('claim', claimName);
    return [
      {
        volume: { name, persistentVolumeClaim: { claimName } },
        mount: { name, mountPath, ...(subPath !== '' && { subPath }) },
      },
    ];
  });
}

function ephemeralVolumes({ genericEphemeralVolume = [] }: ExecutorConfig): Mounted[] {
  return genericEphemeralVolume.map((given) => ({
    volume: {
      name: given.volumeName,
      ephemeral: {
        volumeClaimTemplate: {
          ...(given.metadata && { metadata: given.metadata }),
          spec: {
            accessModes: given.accessModes ?? [],
            resources: { requests: { storage: given.size } },
            ...(given.defaultStorageClass !== true && { storageClassName: given.storageClassName ?? '' }),
          },
        },
      },
    },
    mount: { name: given.volumeName, mountPath: given.mountPath },
  }));
}

function emptyDirs({ emptyDirMounts = [] }: ExecutorConfig): Mounted[] {
  return emptyDirMounts.map(({ volumeName: name, mountPath, medium = '', sizeLimit = '' }) => ({
    volume: {
      name,
      emptyDir: { ...(medium !== '' && { medium }), ...(sizeLimit !== '' && { sizeLimit }) },
    },
    mount: { name, mountPath },
  }));
}

function sharedMemory({ enabledSharedMemory }: ExecutorConfig): Mounted[] {
  if (enabledSharedMemory === undefined) return [];
  const { volumeName: given = '', size = '' } = enabledSharedMemory;
  const name = given === '' ? 'shm' : given;
  return [
    {
      volume: { name, emptyDir: { medium: 'Memory', ...(size !== '' && { sizeLimit: size }) } },
      mount: { name, mountPath: '/dev/shm' },
    },
  ];
}

/** Names of volumes are shorter than those of secrets, and have no dots. */
function volumeName(kind: string, name: string): string {
  return `${kind}-${name.replaceAll('.', '-')}`.slice(0, 63).replace(/-+$/, '');
}
