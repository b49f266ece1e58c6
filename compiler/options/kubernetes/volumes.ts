/** What is mounted into a container. */
import type { OptionReader } from '../option-reader.ts';
import type { RefReader } from '../ref-option.ts';
import {
  metadata,
  mountPath,
  nameFields,
  oneOf,
  present,
  requiredText,
  type KubernetesSettings,
} from './settings.ts';

/** Reads the options that mount something. */
export function volumes(reader: OptionReader, refs: RefReader): KubernetesSettings {
  return {
    secretAsVolume: folders(reader.list('secretVolumes'), 'secret', refs),
    configMapAsVolume: folders(reader.list('configMapVolumes'), 'configMap', refs),
    pvcMount: reader.list('volumes').map((entry) => claim(entry, refs)),
    emptyDirMounts: reader.list('emptyDirs').map((entry) => emptyDir(entry)),
    genericEphemeralVolume: reader.list('ephemeralVolumes').map((entry) => ephemeralVolume(entry)),
    ...(reader.get('sharedMemory') !== undefined && { enabledSharedMemory: sharedMemory(reader) ?? {} }),
  };
}

function folders(
  entries: readonly OptionReader[],
  source: 'secret' | 'configMap',
  refs: RefReader,
): KubernetesSettings[] {
  return entries.map((entry) => {
    entry.refuseOthers([source, 'mountPath', 'optional']);
    return {
      ...nameFields(entry, source, refs, { old: `${source}Name`, parameter: `${source}NameParameter` }),
      mountPath: mountPath(entry),
      optional: entry.flag('optional') ?? false,
    };
  });
}

/** The lowering adds the old fields of a claim that a run decides: they say where it comes from, too. */
function claim(entry: OptionReader, refs: RefReader): KubernetesSettings {
  entry.refuseOthers(['claim', 'mountPath', 'subPath']);
  return present({
    ...nameFields(entry, 'claim', refs, { old: 'constant', parameter: 'pvcNameParameter' }),
    mountPath: mountPath(entry),
    subPath: entry.text('subPath'),
  });
}

function emptyDir(entry: OptionReader): KubernetesSettings {
  entry.refuseOthers(['name', 'mountPath', 'medium', 'sizeLimit']);
  return present({
    volumeName: requiredText(entry, 'name'),
    mountPath: mountPath(entry),
    medium: oneOf(entry, 'medium', ['Memory', 'HugePages']),
    sizeLimit: entry.text('sizeLimit'),
  });
}

const accessModes = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

function ephemeralVolume(entry: OptionReader): KubernetesSettings {
  entry.refuseOthers(['name', 'mountPath', 'accessModes', 'size', 'storageClass', 'labels', 'annotations']);
  const modes = entry.texts('accessModes');
  for (const mode of modes)
    if (!accessModes.includes(mode))
      entry.fault('accessModes', `has "${mode}"`, `write some of ${accessModes.join(', ')}`);
  const storageClass = entry.text('storageClass');
  return present({
    volumeName: requiredText(entry, 'name'),
    mountPath: mountPath(entry),
    accessModes: modes,
    size: requiredText(entry, 'size'),
    ...(storageClass === undefined ? { defaultStorageClass: true } : { storageClassName: storageClass }),
    metadata: metadata(entry),
  });
}

function sharedMemory(reader: OptionReader): KubernetesSettings | undefined {
  const memory = reader.nested('sharedMemory');
  memory?.refuseOthers(['name', 'size']);
  return memory && present({ volumeName: memory.text('name'), size: memory.text('size') });
}
