/** Variables of the containers of an attempt's pod. */
import type { V1EnvVar } from '@kubernetes/client-node';
import { UserError } from '../../errors/index.ts';
import { chosenName, type ExecutorConfig } from './job/executor-config.ts';
import type { JobOptions } from './options.ts';

/** Kubernetes replaces `$(NAME)` in what it starts; nothing else that runs containers does. */
export function literal(text: string): string {
  return text.replaceAll('$(', '$$$$(');
}

/** Gives the variables that the platform spec takes from secrets, config maps and the pod itself. */
export function configuredEnv(config: ExecutorConfig): V1EnvVar[] {
  const fromSecrets = (config.secretAsEnv ?? []).flatMap(
    ({ secretName, secretNameParameter, keyToEnv = [], optional }) => {
      const name = chosenName(secretNameParameter, secretName);
      if (name === null) return [];
      return keyToEnv.map(({ secretKey, envVar }) => ({
        name: envVar,
        valueFrom: { secretKeyRef: { name, key: secretKey, ...(optional !== undefined && { optional }) } },
      }));
    },
  );
  const fromConfigMaps = (config.configMapAsEnv ?? []).flatMap(
    ({ configMapName, configMapNameParameter, keyToEnv = [], optional }) => {
      const name = chosenName(configMapNameParameter, configMapName);
      if (name === null) return [];
      return keyToEnv.map(({ configMapKey, envVar }) => ({
        name: envVar,
        valueFrom: {
          configMapKeyRef: { name, key: configMapKey, ...(optional !== undefined && { optional }) },
        },
      }));
    },
  );
  const fromFields = (config.fieldPathAsEnv ?? []).map(({ name, fieldPath }) => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  }));
  return [...fromSecrets, ...fromConfigMaps, ...fromFields];
}

/**
 * Gives the secrets that a component names.
 * @param known variables that are set already
 * @throws UserError FER6016 for one that is found nowhere
 */
export function secretEnv(
  names: readonly string[],
  known: readonly V1EnvVar[],
  secrets: JobOptions['secrets'],
): V1EnvVar[] {
  const missing: string[] = [];
  const found = names.flatMap((name) => {
    const place = secrets[name];
    if (place !== undefined)
      return [{ name, valueFrom: { secretKeyRef: { name: place.secret, key: place.key } } }];
    if (!known.some((variable) => variable.name === name)) missing.push(name);
    return [];
  });
  if (missing.length === 0) return found;
  throw new UserError('FER6016', {
    problem: `no secret of the cluster is named for ${missing.join(', ')}`,
    fix: `tell in cluster.yaml where it is: secrets: { ${missing.map((name) => `${name}: { secret: NAME, key: KEY }`).join(', ')} }`,
  });
}

/** Leaves one variable a name: the last. */
export function withoutRepeats(variables: readonly V1EnvVar[]): V1EnvVar[] {
  const last = new Map(variables.map((variable) => [variable.name, variable]));
  return variables.filter((variable) => last.get(variable.name) === variable);
}

/** Writes a record as variables. */
export function plainEnv(values: Readonly<Record<string, string>>): V1EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: literal(value) }));
}
