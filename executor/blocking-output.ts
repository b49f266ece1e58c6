/** Makes what this process prints arrive whole and in order. */

interface MaybeBlocking {
  readonly _handle?: { setBlocking?(blocking: boolean): void } | null;
}

/**
 * Makes writes to standard output and standard error wait until they are done. On a pipe they would else be queued
 * in this process once the reader lags: the two would get out of order, native code that prints would meet EAGAIN,
 * and the end of the process would cut them off. Node.js has no public way to ask for it.
 */
export function blockOnOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    // The handle is there for pipes and terminals; files are written in place anyhow.
    (stream as MaybeBlocking)._handle?.setBlocking?.(true);
}
