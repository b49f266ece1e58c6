/** The virtual environments of Python components: one for each set of packages and interpreter, kept for good. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { digestOfJson, hexOf, type ContainerSpec } from '../../../spec/index.ts';
import { interpreterFinder } from './find-interpreter.ts';
import { environmentName, makeEnvironment } from './make-environment.ts';
import { packagesOf } from './pip.ts';
import type { PythonComponent } from './python-component.ts';

export interface EnvironmentOptions {
  /** Holds the environments. */
  readonly folder: string;
  /** The Python to use, by path or command. @default by the component's image */
  readonly python: string | undefined;
  /** What tasks are given. */
  readonly base: Readonly<Record<string, string>>;
  /** Variables of the command line that are pip's: where packages come from. */
  readonly pip: Readonly<Record<string, string>>;
  /** Where relative paths start. */
  readonly cwd: string;
}

export interface PythonEnvironment {
  /** The program. */
  readonly python: string;
  /** The folder of the environment; undefined where it is the interpreter itself. */
  readonly folder?: string;
}

interface EnvironmentWish {
  /** Whether one that is not there is made. */
  readonly make: boolean;
  /** Whether one that could not be made before is tried once more. @default false */
  readonly again?: boolean;
  /** Told once what is being made. */
  readonly tell?: ((text: string) => void) | undefined;
}

export interface Environments {
  /**
   * Gives the environment of a component; undefined where it is not made yet and must not be.
   * @throws UserError FER6030 without a Python, FER6031 and FER6032 where it cannot be made
   */
  of(
    container: ContainerSpec,
    component: PythonComponent,
    wish: EnvironmentWish,
  ): Promise<PythonEnvironment | undefined>;
  /** Ends what is being made. */
  close(): Promise<void>;
}

/** Raised when environments are made in another way: those that are there count no more. */
const version = 1;

/** Milliseconds for which a failure stands whoever asks. */
const failureHolds = 500;

export function environments(options: EnvironmentOptions): Environments {
  const interpreters = interpreterFinder(options.python, options.base);
  const making = new Map<string, { readonly made: Promise<void>; failedAt?: number }>();
  const children = new Set<ChildProcess>();
  const started = (child: ChildProcess): void => {
    children.add(child);
    child.once('close', () => children.delete(child));
  };

  const makeOnce = (folder: string, again: boolean, make: () => Promise<void>): Promise<void> => {
    const known = making.get(folder);
    const stands = known?.failedAt === undefined || !again || Date.now() - known.failedAt < failureHolds;
    if (known !== undefined && stands) return known.made;
    const entry: { readonly made: Promise<void>; failedAt?: number } = { made: make() };
    making.set(folder, entry);
    entry.made.catch(() => (entry.failedAt = Date.now()));
    return entry.made;
  };

  return {
    async of(container, component, { make, again = false, tell }) {
      const interpreter = await interpreters.find(container.image);
      const { installs } = component;
      if (installs.length === 0) return { python: interpreter.executable };
      const inherits = !isBareInterpreter(container.image);
      const pip = { ...options.pip, ...pipVariables(container) };
      const hash = digestOfJson({
        version,
        interpreter: [interpreter.executable, interpreter.tag],
        inherits: inherits ? interpreter.packageFolders : [],
        installs,
        pip,
        files: installs.flat().map((word) => stateOf(word, options.cwd)),
      });
      const folder = join(options.folder, environmentName(hexOf(hash)));
      if (!existsSync(folder)) {
        if (!make) return undefined;
        const env = { ...options.base, ...pip };
        const { cwd } = options;
        await makeOnce(folder, again, () => {
          tell?.(`ferrule: installing ${installs.flatMap(packagesOf).join(', ')}`);
          return makeEnvironment({ folder, interpreter, inherits, installs, env, cwd, started });
        });
      }
      return { python: join(folder, 'bin', 'python'), folder };
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await Promise.allSettled([...making.values()].map(({ made }) => made));
    },
  };
}

/**
 * Whether an image holds Python and nothing else. Of any other, this machine's Python stands for the image, with all
 * that is installed there.
 */
function isBareInterpreter(image: string): boolean {
  return /(?:^|\/)python(?:[:@]|$)/.test(image);
}

/** Variables of a task that are pip's. */
function pipVariables({ env = [] }: ContainerSpec): Record<string, string> {
  return Object.fromEntries(
    env.flatMap(({ name, value }) => (name.startsWith('PIP_') ? [[name, value ?? '']] : [])),
  );
}

/** Tells what a requirement that is a path names now; nothing for any other. */
function stateOf(word: string, cwd: string): readonly string[] {
  if (!/\/|\.(?:whl|zip|gz|txt)$/.test(word)) return [];
  const path = resolve(cwd, word);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [`${path} ${found.size} ${found.mtimeMs}`];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = statSync(file);
      return `${file} ${size} ${mtimeMs}`;
    })
    .sort();
}
