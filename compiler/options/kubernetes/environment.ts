/** Variables of a container that come of Secrets, ConfigMaps and the pod itself. */
import type { OptionReader } from '../option-reader.ts';
import type { RefReader } from '../ref-option.ts';
import { nameFields, type KubernetesSettings } from './settings.ts';

/** Reads `secretEnv`, `configMapEnv` and `fieldEnv`. */
export function environment(reader: OptionReader, refs: RefReader): KubernetesSettings {
  return {
    secretAsEnv: fromKeys(reader.list('secretEnv'), 'secret', 'secretKey', refs),
    configMapAsEnv: fromKeys(reader.list('configMapEnv'), 'configMap', 'configMapKey', refs),
    fieldPathAsEnv: Object.entries(reader.textMap('fieldEnv')).map(([name, fieldPath]) => ({
      name,
      fieldPath,
    })),
  };
}

function fromKeys(
  entries: readonly OptionReader[],
  source: 'secret' | 'configMap',
  key: string,
  refs: RefReader,
): KubernetesSettings[] {
  return entries.map((entry) => {
    entry.refuseOthers([source, 'keys', 'optional']);
    const keys = Object.entries(entry.textMap('keys'));
    if (entry.get('keys') === undefined)
      entry.fault(
        'keys',
        'is missing',
        "write { password: 'DB_PASSWORD' }: a key, and the variable it becomes",
      );
    return {
      ...nameFields(entry, source, refs, { old: `${source}Name`, parameter: `${source}NameParameter` }),
      ...(keys.length > 0 && {
        keyToEnv: keys.map(([from, variable]) => ({ [key]: from, envVar: variable })),
      }),
      optional: entry.flag('optional') ?? false,
    };
  });
}
