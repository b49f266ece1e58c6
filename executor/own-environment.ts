/** The variables that a task has of its own, whatever runs it. */
import { UserError } from '../errors/ferrule-error.ts';
import type { ComponentIdentity } from '../spec/component-identity.ts';
import type { ContainerSpec } from '../spec/pipeline-spec.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

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
  container: Pick<ContainerSpec, 'env'>,
  identity: Pick<ComponentIdentity, 'secretEnv'>,
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

/** Takes the variables of these names that are set. */
export function pick(env: Environment, names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
