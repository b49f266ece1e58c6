/** Shows a sweep while it goes on: live on a terminal, one line an event elsewhere. */
import { createLogUpdate } from 'log-update';
import type { LogLine, Observer, RunEvent } from '../../engine/ports.ts';
import {
  bestTrial,
  rankedTrials,
  statusOf,
  valueOf,
  type SweepEvent,
  type SweepObserver,
  type SweepState,
} from '../../sweep/index.ts';
import { paintFor, type Paint } from '../color.ts';
import { printable } from '../printable.ts';
import { ellipsis, formatTable } from '../table.ts';
import { formatNumber } from '../units.ts';
import { countWords, settingsWords, trialName } from './sweep-words.ts';

export interface SweepProgress extends SweepObserver {
  close(): void;
}

/** Opens the view that fits where the output goes. */
export async function openSweepProgress(json: boolean): Promise<SweepProgress> {
  const stream = json ? process.stderr : process.stdout;
  const paint = paintFor(stream, process.env);
  const plain = plainSweepProgress((text) => stream.write(text), paint);
  return !json && stream.isTTY && stream.columns > 0 ? liveSweepProgress(stream, paint) : plain;
}

function plainSweepProgress(write: (text: string) => void, paint: Paint): SweepProgress {
  const nothing: Observer = { event: () => undefined, log: () => undefined };
  return {
    changed(event, state) {
      const line = lineFor(event, state, paint);
      if (line !== undefined) write(`${line}\n`);
    },
    watch: () => nothing,
    close: () => undefined,
  };
}

/** Writes what happened in one line; nothing where there is nothing to say. */
function lineFor(event: SweepEvent, state: SweepState, paint: Paint): string | undefined {
  const name = 'trial' in event ? paint('bold', trialName(event.trial, event.rung, state)) : '';
  switch (event.kind) {
    case 'sweep-started':
      return `${paint('bold', event.sweepId)} ${state.plan.method}, at the most ${state.plan.trials} trials, ${state.plan.parallel} at a time`;
    case 'sweep-resumed':
      return `${paint('bold', state.sweepId)} resumed`;
    case 'trial-started':
      return `${name} ${settingsWords(event.configuration)}`;
    case 'trial-retried':
      return `${name} ${paint('yellow', 'tries again')}: ${event.failure.code} ${event.failure.problem}`;
    case 'trial-ended': {
      const { outcome } = event;
      const time = event.seconds === undefined ? '' : ` in ${formatNumber(event.seconds)} s`;
      if (outcome.kind === 'failed')
        return `${name} ${paint('red', 'failed')}: ${outcome.failure.code} ${outcome.failure.problem}`;
      if (outcome.kind === 'stopped') return `${name} ${paint('yellow', 'stopped')}: ${outcome.reason}`;
      const best = bestTrial(state)?.number === event.trial ? paint('green', '  the best so far') : '';
      return `${name} ${state.plan.metric.from} ${formatNumber(outcome.value)}${time}${best}`;
    }
    case 'sweep-ended':
      return undefined;
  }
}

/** Rows of the best trials. */
const bestShown = 5;

function liveSweepProgress(stream: NodeJS.WriteStream, paint: Paint): SweepProgress {
  const draw = createLogUpdate(stream, { showCursor: true });
  const said = new Map<number, string>();
  let state: SweepState | undefined;
  let closed = false;
  const picture = (): string => (state === undefined ? '' : pictureOf(state, said, stream.columns, paint));
  const timer = setInterval(() => draw(picture()), 200);
  return {
    changed(event, next) {
      state = next;
      if (event.kind === 'trial-ended') said.delete(event.trial);
    },
    watch: (trial) => ({
      event(event: RunEvent) {
        if (event.kind === 'attempt-started') said.set(trial, event.task);
        if (event.kind === 'cache-checked' && event.decision !== 'hit')
          said.set(trial, `${event.task}: ${event.reason}`);
        if (event.kind !== 'attempt-reported') return;
        const figures = Object.entries(event.values).map(
          ([name, value]) => `${name} ${value === null ? 'NaN' : formatNumber(value)}`,
        );
        said.set(trial, `${event.task} step ${event.step}: ${figures.join(', ')}`);
      },
      log({ task, text }: LogLine) {
        const line = printable(text);
        if (line !== '') said.set(trial, `${task}: ${line}`);
      },
    }),
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      draw(picture());
      draw.done();
    },
  };
}

function pictureOf(
  state: SweepState,
  said: ReadonlyMap<number, string>,
  width: number,
  paint: Paint,
): string {
  const { plan, trials } = state;
  const running = trials.filter((trial) => statusOf(trial) === 'running');
  const best = rankedTrials(trials, plan).slice(0, bestShown);
  const head = `${paint('bold', state.sweepId)}  ${trials.length} of ${plan.trials} trials  ${paint('dim', countWords(trials, statusOf))}`;
  const rows = [
    ...running.map((trial) => [
      paint('yellow', `  ${trialName(trial.number, trial.runs.length - 1, state)}`),
      '',
      ellipsis(settingsWords(trial.configuration), Math.max(20, Math.floor(width / 2) - 16)),
      paint('dim', ellipsis(said.get(trial.number) ?? '', Math.max(10, Math.floor(width / 2) - 16))),
    ]),
    ...best.map((trial, rank) => [
      rank === 0 ? paint('green', `  trial ${trial.number}`) : `  trial ${trial.number}`,
      formatNumber(valueOf(trial) ?? Number.NaN),
      ellipsis(settingsWords(trial.configuration), Math.max(20, Math.floor(width / 2) - 16)),
      statusOf(trial) === 'stopped' ? paint('dim', 'stopped early') : '',
    ]),
  ];
  return `${head}\n\n${formatTable(rows)}`;
}
