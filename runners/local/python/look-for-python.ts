import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { baseEnvironment } from '../environment.ts';
import { interpreterFinder, pythonVariable, type Interpreter } from './find-interpreter.ts';

/** The image that KFP gives to components which name none. */
const usualImage = 'python:3.11';

/** What this machine has for Python components. */
export interface PythonFound {
  readonly interpreter: Interpreter;
  /** Whether it can make virtual environments and put packages into them. */
  readonly makesEnvironments: boolean;
}

/**
 * Finds the Python that a component in KFP's usual image runs in here.
 * @throws UserError FER6030 where there is none
 */
export async function lookForPython(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<PythonFound> {
  const base = baseEnvironment(env);
  const interpreter = await interpreterFinder(chosenPython(env[pythonVariable], cwd), base).find(usualImage);
  const does = (...args: string[]): Promise<boolean> =>
    promisify(execFile)(interpreter.executable, args, { env: base, cwd: '/' }).then(
      () => true,
      () => false,
    );
  const makesEnvironments =
    (await does('-c', 'import venv, ensurepip')) || (await does('-c', 'import venv, pip'));
  return { interpreter, makesEnvironments };
}

/** A path is the project's: interpreters are asked from elsewhere. */
export function chosenPython(command: string | undefined, cwd: string): string | undefined {
  return command?.includes('/') === true ? resolve(cwd, command) : command;
}
