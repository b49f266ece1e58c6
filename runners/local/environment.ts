/** The environment of a task: nothing of the shell's leaks into a result unseen. */
import { UserError } from '../../errors/index.ts';
import type { ComponentIdentity, ContainerSpec } from '../../spec/index.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that every task gets from the runner's environment: where things lie on this machine, how to reach the
 * network, and who one is there. None of them should change a result.
 */
export const passedOn: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'TMPDIR',
  'TEMP',
  'TMP',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CLOUD_PROJECT',
  'CLOUDSDK_CONFIG',
  'STORAGE_EMULATOR_HOST',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
  'CUDA_VISIBLE_DEVICES',
  'LD_LIBRARY_PATH',
];

/** The same on every machine, as in a container: a date or a number that is written must not tell where it was. */
const fixed = { LANG: 'C.UTF-8', TZ: 'UTC' };

/** Takes the allow-listed variables out of an environment. */
export function baseEnvironment(env: Environment): Record<string, string> {
  return { ...pick(env, passedOn), ...fixed };
}

/** What a task adds to the base: declared variables, and secrets by name. */
export interface OwnEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** Values to keep out of logs and outputs. */
  readonly secrets: readonly string[];
}

/**
 * Gives the variables that a task has of its own.
 * @throws UserError FER6016 for a secret that is not set where the runner runs
 */
export function ownEnvironment(
  container: ContainerSpec,
  identity: ComponentIdentity,
  env: Environment,
): OwnEnvironment {
  const declared = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value ?? '']));
  const unset = identity.secretEnv.filter((name) => env[name] === undefined || env[name] === '');
  if (unset.length > 0)
    throw new UserError('FER6016', {
      problem: `the component needs the secret${unset.length > 1 ? 's' : ''} ${unset.join(', ')}, which the environment does not have`,
      fix: `set ${unset.join(' and ')} where the run is started`,
    });
  const secrets = pick(env, identity.secretEnv);
  return { env: { ...declared, ...secrets }, secrets: Object.values(secrets) };
}

function pick(env: Environment, names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
