/** A comparison as a terminal shows it. */
import type { Paint } from '../color.ts';
import { ellipsis, formatTable } from '../table.ts';
import type { Comparison, ComparisonRow } from './comparison.ts';

/** The columns of one row beside its name. */
const widestCell = 32;

/** Writes the sections as tables; rows that differ stand out, those that do not are dim. */
export function formatComparison(comparison: Comparison, paint: Paint): string {
  const header = ['', ...comparison.runIds.map((runId) => paint('bold', runId))];
  const sections = comparison.sections
    .filter(({ rows }) => rows.length > 0)
    .flatMap(({ title, rows }) => [[paint('bold', title)], ...rows.map((row) => lineOf(row, paint)), ['']]);
  return formatTable([header, ...sections]).trimEnd();
}

function lineOf(row: ComparisonRow, paint: Paint): string[] {
  const cells = row.cells.map((cell) => ellipsis(cell?.text ?? '-', widestCell));
  return row.differs
    ? [`  ${row.name}`, ...cells.map((cell) => paint('yellow', cell))]
    : [`  ${row.name}`, ...cells].map((cell) => paint('dim', cell));
}
