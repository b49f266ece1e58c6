/** What else there is to say of a pod: its image's source, its user, containers beside. */
import type { OptionReader } from '../option-reader.ts';
import type { RefReader } from '../ref-option.ts';
import {
  metadata,
  mountPath,
  nameFields,
  oneOf,
  present,
  requiredText,
  whole,
  type KubernetesSettings,
} from './settings.ts';

/** Reads the options of the pod itself. */
export function pod(reader: OptionReader, refs: RefReader): KubernetesSettings {
  return {
    podMetadata: metadata(reader),
    imagePullPolicy: oneOf(reader, 'imagePullPolicy', ['Always', 'Never', 'IfNotPresent']) ?? '',
    imagePullSecret: reader
      .entries('imagePullSecrets')
      .map(({ list, index }) =>
        nameFields(list, index, refs, { old: 'secretName', parameter: 'secretNameParameter' }),
      ),
    securityContext: securityContext(reader),
    initContainers: reader.list('initContainers').map((entry) => initContainer(entry)),
  };
}

function securityContext(reader: OptionReader): KubernetesSettings {
  const context = reader.nested('securityContext');
  context?.refuseOthers(['runAsUser', 'runAsGroup', 'runAsNonRoot']);
  const user = context && whole(context, 'runAsUser');
  const group = context && whole(context, 'runAsGroup');
  // An int64 is a text in JSON.
  return present({
    runAsUser: user === undefined ? undefined : `${user}`,
    runAsGroup: group === undefined ? undefined : `${group}`,
    runAsNonRoot: context?.flag('runAsNonRoot'),
  });
}

function initContainer(entry: OptionReader): KubernetesSettings {
  entry.refuseOthers([
    'name',
    'image',
    'command',
    'args',
    'env',
    'volumeMounts',
    'restartPolicy',
    'resources',
  ]);
  const mounts = entry.list('volumeMounts').map((mount) => {
    mount.refuseOthers(['volumeName', 'mountPath']);
    return { volumeName: requiredText(mount, 'volumeName'), mountPath: mountPath(mount) };
  });
  const resources = entry.nested('resources');
  resources?.refuseOthers(['requests', 'limits']);
  return present({
    name: requiredText(entry, 'name'),
    image: requiredText(entry, 'image'),
    command: entry.texts('command'),
    args: entry.texts('args'),
    env: Object.entries(entry.textMap('env')).map(([name, value]) => ({ name, value })),
    volumeMounts: mounts,
    restartPolicy: oneOf(entry, 'restartPolicy', ['Always']),
    resources:
      resources && present({ requests: resources.textMap('requests'), limits: resources.textMap('limits') }),
  });
}
