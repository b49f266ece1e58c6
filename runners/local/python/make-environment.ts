/** Makes a virtual environment, whole or not at all. */
import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../../errors/index.ts';
import type { Interpreter } from './find-interpreter.ts';
import { pipFailure, runProgram, type Ended } from './pip.ts';

export interface EnvironmentRequest {
  /** Where it is to be. */
  readonly folder: string;
  readonly interpreter: Interpreter;
  /** Whether it also has the interpreter's own packages. */
  readonly inherits: boolean;
  /** What each `pip install` is to install. */
  readonly installs: readonly (readonly string[])[];
  readonly env: Readonly<Record<string, string>>;
  /** Where relative paths in requirements start. */
  readonly cwd: string;
  readonly started: Parameters<typeof runProgram>[2]['started'];
}

/** As long as a finished one's name: what pip wrote into scripts is replaced by a path of the same length. */
const asideName = /^tmp-[0-9a-f]{32}$/;

/** Names a finished environment. */
export function environmentName(hash: string): string {
  return `env-${hash.slice(0, 32)}`;
}

/**
 * Makes it aside and renames it: where another process comes first, its environment is the one.
 * @throws UserError FER6031 where Python cannot make one, FER6032 where pip fails
 */
export async function makeEnvironment(request: EnvironmentRequest): Promise<void> {
  const { folder } = request;
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  await removeLeftOvers(parent);
  const aside = join(parent, `tmp-${randomBytes(16).toString('hex')}`);
  try {
    await build(aside, request);
    await moveScripts(aside, folder);
    await rename(aside, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Removes what a killed process left behind a day ago or more. */
async function removeLeftOvers(parent: string): Promise<void> {
  for (const name of (await readdir(parent)).filter((entry) => asideName.test(entry))) {
    const old = await stat(join(parent, name)).catch(() => undefined);
    if (old !== undefined && Date.now() - old.mtimeMs > 24 * 3600 * 1000)
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function build(aside: string, request: EnvironmentRequest): Promise<void> {
  const { interpreter, installs, started, cwd } = request;
  const env = { ...request.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' };
  const run = (program: string, ...args: string[]): Promise<Ended> =>
    runProgram(program, args, { env, cwd, started });
  const python = join(aside, 'bin', 'python');
  let pip = [python, '-m', 'pip'];
  const made = await run(interpreter.executable, '-m', 'venv', aside);
  if (made.code !== 0) {
    // Debian's Python has no pip to put into an environment; one of its own may do.
    const bare = await run(interpreter.executable, '-m', 'venv', '--without-pip', '--clear', aside);
    const own = [interpreter.executable, '-m', 'pip', '--python', python];
    const [program = '', ...args] = own;
    const works = bare.code === 0 && (await run(program, ...args, '--version')).code === 0;
    if (!works) throw unmade(interpreter, made);
    pip = own;
  }
  if (request.inherits) await inherit(aside, interpreter);
  const [program = '', ...args] = pip;
  for (const install of installs) {
    const ended = await run(program, ...args, 'install', '--quiet', '--no-warn-script-location', ...install);
    if (ended.code !== 0) throw pipFailure(install, ended.printed);
  }
}

function unmade({ executable, version }: Interpreter, { printed }: Ended): UserError {
  const said = printed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return new UserError('FER6031', {
    problem: `the Python ${version} at ${executable} cannot make a virtual environment: ${said[0] ?? 'it printed nothing'}`,
    fix: `install what it lacks (Debian and Ubuntu: apt install python${version.split('.').slice(0, 2).join('.')}-venv), or name another Python with FERRULE_PYTHON`,
  });
}

/** Puts an interpreter's own packages behind those of the environment. */
async function inherit(aside: string, { packageFolders }: Interpreter): Promise<void> {
  const lib = join(aside, 'lib');
  const [version = ''] = await readdir(lib);
  const lines = packageFolders.map((folder) => `import site; site.addsitedir(${JSON.stringify(folder)})\n`);
  await writeFile(join(lib, version, 'site-packages', '~inherited.pth'), lines.join(''));
}

/** Scripts name their interpreter by its path, which is about to change. */
async function moveScripts(aside: string, folder: string): Promise<void> {
  const bin = join(aside, 'bin');
  const files = (await readdir(bin)).map((name) => join(bin, name));
  for (const file of [...files, join(aside, 'pyvenv.cfg')]) {
    if (!lstatSync(file).isFile()) continue;
    const content = await readFile(file, 'latin1');
    const moved = content.replaceAll(basename(aside), basename(folder));
    if (moved !== content) await writeFile(file, moved, 'latin1');
  }
}
