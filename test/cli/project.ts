/** A project in a temporary folder, and the command line called in it as a person would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { watchOutput } from '../processes/output.ts';

const command = resolve(import.meta.dirname, '..', '..', 'bin', 'ferrule.mjs');

export interface Called {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Project {
  readonly folder: string;
  write(name: string, text: string): string;
  /** Calls `ferrule` to its end. */
  ferrule(...args: readonly string[]): Promise<Called>;
  /** Starts `ferrule` and leaves it running; `said` resolves once standard output or error holds the text. */
  start(...args: readonly string[]): Started;
  remove(): void;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Called>;
  said(text: string): Promise<void>;
}

export function makeProject(files: Readonly<Record<string, string>>): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ferrule-cli-')));
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  write('package.json', '{"type":"module"}');
  for (const [name, text] of Object.entries(files)) write(name, text);
  const start = (...args: readonly string[]): Started => startIn(folder, args);
  return {
    folder,
    write,
    start,
    ferrule: (...args) => start(...args).ended,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Starts `ferrule` in a folder, with variables besides those of this process. */
export function startIn(
  folder: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Started {
  const env = { ...process.env, ...more, NO_COLOR: '1', FORCE_COLOR: undefined, FERRULE_NO_BUILD: '1' };
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { output, ended, said } = watchOutput(child);
  return { child, said, ended: ended.then((status) => ({ status, ...output })) };
}
