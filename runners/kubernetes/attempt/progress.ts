/** Tells people where an attempt stands: seldom enough that what passes by itself is not told. */
import type { AttemptProgress, AttemptSink } from '../../../engine/ports.ts';
import type { Standing } from './judge.ts';
import type { Trouble } from './run-view.ts';

/** Milliseconds that a reason must hold: scheduling and starting take about two seconds where all is well. */
const worthTelling = 2500;
/** The same for what always happens, such as the pull of a large image. */
const stepWorthTelling = 6000;
/** The same for a server that does not answer: it may be restarting. */
const troubleWorthTelling = 15_000;

/** Gives a function that is told the standing at every look, and tells the sink what is new. */
export function progressTeller(
  sink: AttemptSink,
): (standing: Exclude<Standing, { kind: 'ended' }>, trouble: Trouble | undefined) => void {
  let told = '';
  let next = '';
  let since = performance.now();
  return (standing, trouble) => {
    const now = performance.now();
    const progress = progressOf(standing, trouble, now);
    const key = JSON.stringify(progress);
    if (key !== next) since = now;
    next = key;
    if (key === told || now - since < delayOf(standing, progress)) return;
    told = key;
    sink.progress(progress);
  };
}

function delayOf(standing: Standing, progress: AttemptProgress): number {
  if (progress.kind === 'running') return 0;
  return standing.kind === 'waiting' && standing.waiting.kind === 'step' ? stepWorthTelling : worthTelling;
}

function progressOf(
  standing: Exclude<Standing, { kind: 'ended' }>,
  trouble: Trouble | undefined,
  now: number,
): AttemptProgress {
  if (trouble !== undefined && now - trouble.since >= troubleWorthTelling)
    return {
      kind: 'waiting',
      reason: 'the API server of the cluster does not answer: nothing is known of it',
    };
  switch (standing.kind) {
    case 'waiting':
      return { kind: 'waiting', reason: standing.waiting.reason };
    case 'leaving':
      return { kind: 'waiting', reason: `its pod is going: ${standing.reason}` };
    case 'running':
      return { kind: 'running', ...(standing.on !== undefined && { on: standing.on }) };
  }
}
