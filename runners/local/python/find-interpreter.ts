/** Finds the Python of this machine that a component is to run in. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UserError } from '../../../errors/index.ts';

export interface Interpreter {
  /** Its own path. */
  readonly executable: string;
  /** Such as `3.11.7`. */
  readonly version: string;
  /** What its packages depend on: implementation, version, processor and system. */
  readonly tag: string;
  /** Where its own packages are. */
  readonly packageFolders: readonly string[];
}

export interface InterpreterFinder {
  /**
   * Finds the interpreter for an image: the one that is set, else one of the version that the image names, else
   * `python3`. Each is asked once.
   * @throws UserError FER6030 where there is none
   */
  find(image: string): Promise<Interpreter>;
}

/** Where the variable points to the Python to use. */
export const pythonVariable = 'FERRULE_PYTHON';

/** @param env `FERRULE_PYTHON`, and what the interpreter is started with */
export function interpreterFinder(
  chosen: string | undefined,
  env: Readonly<Record<string, string>>,
): InterpreterFinder {
  const asked = new Map<string, Promise<Interpreter | undefined>>();
  const ask = (command: string): Promise<Interpreter | undefined> => {
    const answer = asked.get(command) ?? facts(command, env);
    asked.set(command, answer);
    return answer;
  };
  return {
    async find(image) {
      const version = /(?:^|\/)python:(3\.\d+)/.exec(image)?.[1];
      const commands =
        chosen === undefined || chosen === ''
          ? [...(version === undefined ? [] : [`python${version}`]), 'python3', 'python']
          : [chosen];
      for (const command of commands) {
        const found = await ask(command);
        if (found !== undefined) return found;
      }
      throw new UserError('FER6030', {
        problem:
          chosen === undefined || chosen === ''
            ? 'there is no Python on this machine: neither python3 nor python is a command that runs'
            : `${pythonVariable} is ${chosen}, which is no Python 3 that runs`,
        fix: `install Python 3.9 or newer, or name one with ${pythonVariable}; or run the pipeline in containers with --runner docker`,
      });
    },
  };
}

const question = `
import json, platform, site, sys
folders = list(getattr(site, "getsitepackages", list)())
if site.ENABLE_USER_SITE: folders.insert(0, site.getusersitepackages())
print(json.dumps({
  "executable": sys.executable,
  "version": platform.python_version(),
  "tag": "%s-%s-%s-%s" % (sys.implementation.cache_tag, platform.python_version(), sys.platform, platform.machine()),
  "packageFolders": folders}))
`;

async function facts(
  command: string,
  env: Readonly<Record<string, string>>,
): Promise<Interpreter | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, ['-c', question], { env, cwd: '/' });
    const interpreter = JSON.parse(stdout) as Interpreter;
    return interpreter.version.startsWith('3.') ? interpreter : undefined;
  } catch {
    return undefined;
  }
}
