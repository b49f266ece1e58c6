/** Follows what the engine says while it works. */
import type Docker from 'dockerode';
import type { EngineMessage } from './build-progress.ts';

/**
 * Hands each message over, to the end of the stream. A failure of the work itself is a message with `error`; this
 * rejects only where the connection breaks.
 */
export function followMessages(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  onMessage: (message: EngineMessage) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error: Error | null) => (error === null ? resolve() : reject(error)),
      onMessage,
    );
  });
}
