/** The log of an attempt's component, and the launcher's last line in it. */
import type { Attempt, AttemptSink } from '../../../engine/ports.ts';
import { LastWords } from '../../../executor/last-words.ts';
import type { Connection } from '../api/connection.ts';
import { shownLines } from './container-failure.ts';
import { attemptPlace, componentContainer, hasLauncher, stageOut } from '../job/containers.ts';
import { hasLog } from './ending.ts';
import { followLog, type LogSource } from './follow-log.ts';
import type { Pod } from '../api/observed.ts';

/** Milliseconds in which the rest of a log must come when its pod goes away. */
const rest = 2000;

export interface AttemptLog {
  /** Takes what is known of the pod: reading begins as soon as there is something to read. */
  look(pod: Pod | undefined): void;
  /**
   * Whether the launcher has said that the result is written. A kubelet tells the end of a container up to a second
   * late, so this comes first.
   */
  readonly sealed: () => boolean;
  /**
   * Waits until all lines are in; of a pod that is gone, for what still comes.
   * @returns what was said last, where the log was read to its end
   */
  finish(how: 'over' | 'gone'): Promise<LastWords | undefined>;
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
    const at = text.lastIndexOf(lastLine);
    if (at < 0 || !/^\d+$/.test(text.slice(at + lastLine.length))) return false;
    // A component that printed no last line break has its words on the same line.
    if (at > 0) sink.line(text.slice(0, at));
    sealed = true;
    onSealed();
    return true;
  };
  let last = new LastWords(shownLines);
  const onLine = (text: string): void => {
    if (isLast(text)) return;
    sink.line(text);
    last.take(text);
  };
  let kept = sink.kept;
  let followed: PodLog | undefined;
  const podLog = (pod: Pod): PodLog => {
    const name = pod.metadata.name;
    if (followed?.pod === name) return followed;
    // A queue gave the Job another pod: what the first one printed was told as far as it came.
    followed?.end.abort();
    const podEnd = new AbortController();
    const signal = AbortSignal.any([end.signal, podEnd.signal]);
    followed = {
      pod: name,
      end: podEnd,
      component: containerLog(connection, { pod: name, container: componentContainer, kept }, signal, onLine),
      // Where others' images run, the last word is that of what keeps the outputs.
      staging: hasLauncher(attempt)
        ? undefined
        : containerLog(
            connection,
            { pod: name, container: stageOut, kept: 0 },
            signal,
            (text) => void isLast(text),
          ),
    };
    kept = 0;
    last = new LastWords(shownLines);
    return followed;
  };
  return {
    sealed: () => sealed,
    look(pod) {
      if (pod === undefined) return;
      const { component, staging } = podLog(pod);
      component.look(hasLog(pod, componentContainer));
      staging?.look(hasLog(pod, stageOut));
    },
    async finish(how) {
      const limit = how === 'gone' ? setTimeout(() => end.abort(), rest) : undefined;
      const read = await followed?.component.finish();
      clearTimeout(limit);
      if (read === 'cut' && how === 'over')
        sink.line('[ferrule] the rest of this log could not be read: its pod or node is gone');
      return read === 'all' ? last : undefined;
    },
    close: () => end.abort(),
  };
}

/** The logs of one pod. */
interface PodLog {
  readonly pod: string;
  readonly end: AbortController;
  readonly component: ContainerLog;
  readonly staging: ContainerLog | undefined;
}

interface ContainerLog {
  look(state: 'no' | 'open' | 'ended'): void;
  finish(): Promise<'all' | 'cut' | 'none'>;
}

function containerLog(
  connection: Connection,
  place: Pick<LogSource, 'pod' | 'container' | 'kept'>,
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
    look(state) {
      if (state === 'ended' && !hasEnded) end();
      if (state === 'no' || reading !== undefined) return;
      reading = followLog(connection, { ...place, hasEnded: () => hasEnded, ended }, onLine, signal);
    },
    async finish() {
      end();
      return reading ?? 'none';
    },
  };
}
