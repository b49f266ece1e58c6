/** What a process under test prints, while it does. */
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

export interface OutputWatch {
  /** What it has printed so far. */
  readonly output: Printed;
  /** Resolves with its exit status once it has ended. */
  readonly ended: Promise<number | null>;
  /** Resolves once it has printed a text, on either stream; fails where it ends without. */
  readonly said: (text: string) => Promise<void>;
}

export function watchOutput(child: ChildProcessByStdio<null, Readable, Readable>): OutputWatch {
  const output = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const check of waiting) check();
    });
  const ended = new Promise<number | null>((done) => {
    child.on('close', (status) => done(status));
  });
  return {
    output,
    ended,
    said: (text) =>
      new Promise((done, fail) => {
        const check = (): void => {
          if (!`${output.stdout}\n${output.stderr}`.includes(text)) return;
          waiting.delete(check);
          done();
        };
        waiting.add(check);
        check();
        void ended.then(() =>
          fail(new Error(`ended without saying "${text}":\n${output.stdout}\n${output.stderr}`)),
        );
      }),
  };
}
