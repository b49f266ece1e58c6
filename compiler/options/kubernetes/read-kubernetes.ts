/** Reads the option `kubernetes` of a component or task. */
import type { OptionReader } from '../option-reader.ts';
import type { RefReader } from '../ref-option.ts';
import { environment } from './environment.ts';
import { pod } from './pod.ts';
import { scheduling } from './scheduling.ts';
import { present, type KubernetesSettings } from './settings.ts';
import { volumes } from './volumes.ts';

/** Gives the settings in KFP's form; what is wrong is reported through the reader. */
export function readKubernetes(options: OptionReader, refs: RefReader): KubernetesSettings {
  const reader = options.nested('kubernetes');
  if (reader === undefined) return {};
  reader.refuseOthers([
    'secretEnv', 'secretVolumes', 'configMapEnv', 'configMapVolumes', 'volumes', 'emptyDirs', 'ephemeralVolumes',
    'nodeSelector', 'nodeAffinity', 'podAffinity', 'tolerations', 'fieldEnv', 'labels', 'annotations',
    'imagePullPolicy', 'imagePullSecrets', 'securityContext', 'initContainers', 'sharedMemory',
  ]); // prettier-ignore
  const shared = reader.get('sharedMemory') !== undefined;
  const settings = present({
    ...environment(reader, refs),
    ...volumes(reader, refs),
    ...scheduling(reader, refs),
    ...pod(reader, refs),
  });
  // An empty message asks for the usual size of it.
  return shared ? { enabledSharedMemory: {}, ...settings } : settings;
}
