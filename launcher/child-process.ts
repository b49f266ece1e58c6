/** The component's process: a child of the launcher, in a process group of its own, its output passed through. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { secretMask } from '../executor/secret-mask.ts';

export type ChildEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'unstarted'; readonly error: unknown };

export interface ChildRequest {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted = SIGTERM to the whole group. What it does then is up to it, within the platform's grace. */
  readonly signal: AbortSignal;
  /** Values that must not be printed. */
  readonly secrets: readonly string[];
}

/** Runs a command to its end. When it resolves, no process of its group is left. */
export async function runChild(request: ChildRequest): Promise<ChildEnd> {
  const { signal } = request;
  let child: ChildProcess;
  try {
    child = await started(request);
  } catch (error) {
    return { kind: 'unstarted', error };
  }
  const printed = maskedOutput(child, request.secrets);
  const ended: Promise<unknown[]> = once(child, 'exit');
  const forward = (): void => signalGroup(child, 'SIGTERM');
  signal.addEventListener('abort', forward, { once: true });
  if (signal.aborted) forward();
  await ended;
  signal.removeEventListener('abort', forward);
  // What the component left running would write on while its outputs are read.
  signalGroup(child, 'SIGKILL');
  await printed;
  const { exitCode, signalCode } = child;
  return signalCode === null
    ? { kind: 'exited', code: exitCode ?? 0 }
    : { kind: 'killed', signal: signalCode };
}

async function started({ command, env, secrets }: ChildRequest): Promise<ChildProcess> {
  const [program = '', ...args] = command;
  const output = secretMask(secrets).isEmpty ? 'inherit' : 'pipe';
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', output, output] });
  // Rejects with the error where there is no such program.
  await once(child, 'spawn');
  return child;
}

/** Passes on what a child prints through pipes, with secrets masked; resolves when all of it is out. */
async function maskedOutput(child: ChildProcess, secrets: readonly string[]): Promise<void> {
  const mask = secretMask(secrets);
  const pass = async (from: Readable | null, to: NodeJS.WriteStream): Promise<void> => {
    if (from === null) return;
    const stream = mask.stream();
    from.setEncoding('utf8');
    // A pipe on Linux is written at once: nothing waits when the launcher exits.
    from.on('data', (piece: string) => void to.write(stream.push(piece)));
    await once(from, 'close');
    to.write(stream.flush());
  };
  await Promise.all([pass(child.stdout, process.stdout), pass(child.stderr, process.stderr)]);
}

/** Signals a group, that of a leader that is gone too; nothing happens where nobody is left. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of the group have ended by themselves.
  }
}
