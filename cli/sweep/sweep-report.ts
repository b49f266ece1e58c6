/** A sweep as one HTML file that opens anywhere: what was best, the picture, all trials. */
import {
  bestTrial,
  resultOfTrial,
  statusOf,
  trialsBestFirst,
  valueOf,
  type SweepState,
  type Trial,
} from '../../sweep/index.ts';
import { escapeHtml } from '../escape-html.ts';
import { formatValue } from '../progress/summary.ts';
import { formatNumber } from '../units.ts';
import { countWords, endWords, settingsWords } from './sweep-words.ts';

const style = `
:root { color-scheme: light dark; --line: #8884; --best: #2e9e5b33; --paper: Canvas; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
.wide { overflow-x: auto; }
svg { display: block; max-width: 100%; height: auto; overflow: visible; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .9rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
tr.best td { background: var(--best); font-weight: 600; }
.soft { opacity: .65; }
`;

/** Writes the report. @param picture the parallel coordinates, as SVG */
export function sweepReport(state: SweepState, picture: string | undefined): string {
  const { plan, trials } = state;
  const best = bestTrial(state);
  const names = plan.space.map(({ name }) => name);
  const rows = trialsBestFirst(state)
    .map((trial) => rowOf(trial, names, trial === best))
    .join('\n');
  const lead =
    best === undefined
      ? 'No trial came to a figure.'
      : `Best: ${plan.metric.from} ${formatNumber(valueOf(best) ?? Number.NaN)} in trial ${best.number}, with ${settingsWords(best.configuration)}.`;
  const end = state.end === undefined ? 'It has not ended.' : `It ended: ${endWords(state.end, state)}.`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(state.sweepId)}</title><style>${style}</style></head>
<body><h1>${escapeHtml(state.sweepId)}</h1>
<p>${escapeHtml(lead)}</p>
<p class="soft">${escapeHtml(`${plan.method} over ${names.join(', ')}; ${countWords(trials, statusOf)}. ${end}`)}</p>
<div class="wide">${picture ?? ''}</div>
<h2>Trials</h2>
<div class="wide"><table><thead><tr>${['trial', plan.metric.from, ...names, 'status', 'run'].map((name) => `<th>${escapeHtml(name)}</th>`).join('')}</tr></thead><tbody>
${rows}
</tbody></table></div></body></html>
`;
}

function rowOf(trial: Trial, names: readonly string[], isBest: boolean): string {
  const value = valueOf(trial);
  const cells = [
    String(trial.number),
    value === undefined ? '–' : formatNumber(value),
    ...names.map((name) => {
      const setting = trial.configuration[name];
      return setting === undefined ? '–' : formatValue(setting);
    }),
    statusOf(trial),
    (resultOfTrial(trial) ?? trial.runs.at(-1))?.runId ?? '',
  ];
  return `<tr${isBest ? ' class="best"' : ''}>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
}
