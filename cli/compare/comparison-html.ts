/** A comparison as one HTML file that opens anywhere. */
import { escapeHtml } from '../escape-html.ts';
import type { Comparison, ComparisonRow } from './comparison.ts';

const style = `
:root { color-scheme: light dark; --line: #8884; --differs: #f5a62322; --best: #2e9e5b33; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .9rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th[scope=row] { font-weight: 500; position: sticky; left: 0; background: Canvas; }
tr.section th { padding-top: 1.6rem; font-size: 1.05rem; }
tr.differs td { background: var(--differs); }
td.best { background: var(--best); font-weight: 600; }
label { display: inline-block; margin: .5rem 0 1rem; }
body:has(#only:checked) tr.same { display: none; }
`;

/** Writes the comparison; the highest figure of each metric is marked. */
export function comparisonHtml(comparison: Comparison): string {
  const head = `<tr><th></th>${comparison.runIds.map((runId) => `<th>${escapeHtml(runId)}</th>`).join('')}</tr>`;
  const body = comparison.sections
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, rows }) => {
      const heading = `<tr class="section"><th colspan="${comparison.runIds.length + 1}">${title}</th></tr>`;
      return heading + rows.map((row) => rowHtml(row, title === 'metrics')).join('\n');
    })
    .join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Comparison of ${comparison.runIds.length} runs</title><style>${style}</style></head>
<body><h1>Comparison of ${comparison.runIds.length} runs</h1>
<label><input type="checkbox" id="only"> only what differs</label>
<div class="wide"><table><thead>${head}</thead><tbody>
${body}
</tbody></table></div></body></html>
`;
}

function rowHtml(row: ComparisonRow, markBest: boolean): string {
  const numbers = row.cells.flatMap((cell) => (cell?.number === undefined ? [] : [cell.number]));
  const best = markBest && row.differs ? Math.max(...numbers) : Number.NaN;
  const cells = row.cells.map((cell) => {
    const mark = cell?.number === best ? ' class="best"' : '';
    return `<td${mark}>${escapeHtml(cell?.text ?? '–')}</td>`;
  });
  return `<tr class="${row.differs ? 'differs' : 'same'}"><th scope="row">${escapeHtml(row.name)}</th>${cells.join('')}</tr>`;
}
