/** The log of an attempt's component, and the launcher's last line in it. */
import type { Attempt, AttemptSink } from '../../engine/ports.ts';
import type { Connection } from './connection.ts';
import { attemptPlace, componentContainer, hasLauncher, stageOut } from './containers.ts';
import { hasLog } from './ending.ts';
import { followLog } from './follow-log.ts';
import type { Pod } from './observed.ts';

/** Milliseconds in which the rest of a log must come when its pod goes away. */
const lastWords = 2000;

export interface AttemptLog {
  /** Takes what is known of the pod: reading begins as soon as there is something to read. */
  look(pod: Pod | undefined): void;
  /**
   * Whether the launcher has said that the result is written. A kubelet tells the end of a container up to a second
   * late, so this comes first.
   */
  readonly sealed: () => boolean;
  /** Waits until all lines are in; of a pod that is gone, for what still comes. */
  finish(how: 'over' | 'gone'): Promise<void>;
  close(): void;
}

/** @param onSealed called once, when the launcher has said so */
export function attemptLog(
  connection: Connection,
  attempt: Attempt,
  sink: AttemptSink,
  onSealed: () => void,
): AttemptLog {
  const end = new AbortController();
  const lastLine = `ferrule-ended ${attemptPlace(attempt)} `;
  let sealed = false;
  const isLast = (text: string): boolean => {
    if (!text.startsWith(lastLine)) return false;
    sealed = true;
    onSealed();
    return true;
  };
  const component = containerLog(connection, componentContainer, sink.kept, end.signal, (text) => {
    if (!isLast(text)) sink.line(text);
  });
  // Where others' images run, the last word is that of what keeps the outputs.
  const staging = hasLauncher(attempt)
    ? undefined
    : containerLog(connection, stageOut, 0, end.signal, (text) => void isLast(text));
  return {
    sealed: () => sealed,
    look(pod) {
      if (pod === undefined) return;
      component.look(pod.metadata.name, hasLog(pod, componentContainer));
      staging?.look(pod.metadata.name, hasLog(pod, stageOut));
    },
    async finish(how) {
      const limit = how === 'gone' ? setTimeout(() => end.abort(), lastWords) : undefined;
      const read = await component.finish();
      clearTimeout(limit);
      if (read === 'cut' && how === 'over')
        sink.line('[ferrule] the rest of this log could not be read: its pod or node is gone');
    },
    close: () => end.abort(),
  };
}

interface ContainerLog {
  look(pod: string, state: 'no' | 'open' | 'ended'): void;
  finish(): Promise<'all' | 'cut' | 'none'>;
}

function containerLog(
  connection: Connection,
  container: string,
  kept: number,
  signal: AbortSignal,
  onLine: (text: string) => void,
): ContainerLog {
  let hasEnded = false;
  let reading: Promise<'all' | 'cut'> | undefined;
  let tellEnd = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    tellEnd = resolve;
  });
  const end = (): void => {
    hasEnded = true;
    tellEnd();
  };
  return {
    look(pod, state) {
      if (state === 'ended' && !hasEnded) end();
      if (state === 'no' || reading !== undefined) return;
      const source = { pod, container, hasEnded: () => hasEnded, ended, kept };
      reading = followLog(connection, source, onLine, signal);
    },
    async finish() {
      end();
      return reading ?? 'none';
    },
  };
}
