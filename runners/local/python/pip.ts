/** Calls programs that make an environment, and tells in plain words what pip could not do. */
import { spawn, type ChildProcess } from 'node:child_process';
import { InfrastructureError, UserError, type FerruleError } from '../../../errors/index.ts';

export interface Ended {
  /** Undefined where it did not end by itself. */
  readonly code: number | undefined;
  /** All that it printed. */
  readonly printed: string;
}

/** Runs a program to its end. @param started is told of its process, for whoever must end it */
export function runProgram(
  program: string,
  args: readonly string[],
  options: {
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
    readonly started: (child: ChildProcess) => void;
  },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: options.env,
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    options.started(child);
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
    const end = (code: number | undefined, words = ''): void =>
      resolve({ code, printed: `${Buffer.concat(pieces).toString()}${words}` });
    child.on('error', (error) => end(undefined, error.message));
    child.on('close', (code) => end(code ?? undefined));
  });
}

/** Makes the error of a `pip install` that failed, from what pip printed. */
export function pipFailure(install: readonly string[], printed: string): FerruleError {
  const lines = printed.split('\n').map((line) => line.trim());
  const errors = lines.filter((line) => /^(ERROR|error):/i.test(line));
  const missing = errors.find((line) => line.includes('No matching distribution found for'));
  const last = lines.findLast((line) => line !== '') ?? 'it printed nothing';
  // A fault in pip itself is a traceback, whose last line says what it was.
  const crashed = errors.at(-1)?.endsWith('Exception:') === true;
  const said = (missing ?? (crashed ? undefined : errors.at(-1)) ?? last)
    .replace(/^error:\s*/i, '')
    .slice(0, 400);
  const packages = packagesOf(install);
  const problem = `pip could not install ${packages.join(', ')}: ${said}`;
  if (isOutOfReach(printed))
    return new InfrastructureError('FER6032', {
      problem: `${problem}; no package index answers`,
      fix: 'see whether this machine reaches the index: PIP_INDEX_URL and the proxy variables are passed on to pip',
      retryable: true,
    });
  return new UserError('FER6032', {
    problem,
    fix:
      missing === undefined
        ? 'these are the words of pip: see packages_to_install of the component, and what the package needs to be built'
        : 'see the name and version in packages_to_install, and whether they exist for this version of Python: FERRULE_PYTHON names another one',
  });
}

/** Names what an install installs, without options and their values. */
export function packagesOf(install: readonly string[]): readonly string[] {
  const valued = new Set(['--index-url', '-i', '--extra-index-url', '--trusted-host', '--find-links', '-f']);
  const packages = install.filter((word, at) => !word.startsWith('-') && !valued.has(install[at - 1] ?? ''));
  // A URL may hold a password.
  return packages.map((word) => word.replaceAll(/\/\/[^/@\s]+@/g, '//***@'));
}

function isOutOfReach(printed: string): boolean {
  return /NewConnectionError|ConnectTimeout|ReadTimeout|ConnectionResetError|Temporary failure in name resolution|Name or service not known|ProxyError|Network is unreachable|Connection refused|SSLError|certificate verify failed|Could not resolve host/i.test(
    printed,
  );
}
