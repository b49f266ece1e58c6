/** The environment of a task: nothing of the shell's leaks into a result unseen. */
import { amazonVariables, googleVariables } from '../../executor/cloud-variables.ts';
import { pick, type Environment } from '../../executor/own-environment.ts';

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
  'CLOUDSDK_CONFIG',
  ...googleVariables,
  ...amazonVariables,
  'CUDA_VISIBLE_DEVICES',
  'LD_LIBRARY_PATH',
];

/** The same on every machine, as in a container: a date or a number that is written must not tell where it was. */
const fixed = { LANG: 'C.UTF-8', TZ: 'UTC' };

/** Takes the allow-listed variables out of an environment. */
export function baseEnvironment(env: Environment): Record<string, string> {
  return { ...pick(env, passedOn), ...fixed };
}
