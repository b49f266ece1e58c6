import { writeFile } from 'node:fs/promises';
import * as Plot from '@observablehq/plot';
import { htmlFigures, htmlTable, legend } from '../charts/html.ts';
import { htmlPage, type PageSection } from '../charts/page.ts';
import { renderSvg, seriesColors } from '../charts/svg.ts';
import { contactSheet } from './contact-sheet.ts';
import type { ClassCount } from './counts.ts';
import { parts, type LeftOut, type Placed } from './photograph.ts';

export interface SplitReport {
  /** The location as it was given. */
  readonly bucket: string;
  readonly seed: number;
  readonly placed: readonly Placed[];
  readonly counts: readonly ClassCount[];
  readonly leftOut: readonly LeftOut[];
  /** Paths of each picture that lies in several classes. */
  readonly contested: readonly (readonly string[])[];
}

/** Rows of the table of files left out; a data set of millions would make a page that no browser opens. */
const mostRows = 2000;

/** Writes the report on a split: one HTML page that needs nothing besides itself. */
export async function splitReport(path: string, report: SplitReport): Promise<void> {
  const sheet = await contactSheet(report.placed, report.counts);
  await writeFile(path, splitPage(report, sheet));
}

function splitPage(report: SplitReport, sheet: string): string {
  const { bucket, seed, placed, counts, leftOut, contested } = report;
  const synthetic = bucket === 'sample:weather' ? ' These pictures are synthetic: a program drew them.' : '';
  return htmlPage({
    title: 'Data split',
    lead: `${placed.length} photographs in ${counts.length} classes from ${bucket}, split with seed ${seed}.${synthetic}`,
    sections: [
      { heading: 'In short', html: figures(report) },
      { heading: 'Photographs a class', html: countsChart(counts) + countsTable(counts) },
      { heading: 'Some of the training photographs', html: sheet },
      ...(contested.length > 0 ? [contestedSection(contested)] : []),
      { heading: 'Left out', html: leftOutTable(leftOut) },
    ],
  });
}

function figures({ placed, counts, leftOut }: SplitReport): string {
  const of = (part: Placed['part']): string => String(placed.filter((entry) => entry.part === part).length);
  return htmlFigures([
    { label: 'Classes', value: String(counts.length) },
    { label: 'Training', value: of('train') },
    { label: 'Validation', value: of('validation') },
    { label: 'Test', value: of('test') },
    { label: 'Left out', value: String(leftOut.length) },
  ]);
}

function countsChart(counts: readonly ClassCount[]): string {
  const rows = counts.flatMap((count) =>
    parts.map((part) => ({ className: count.className, part, photographs: count[part] })),
  );
  const longest = Math.max(...counts.map((count) => count.className.length));
  const colors = parts.map((_, index) => seriesColors[index] ?? 'gray');
  const svg = renderSvg({
    height: 70 + 26 * counts.length,
    marginLeft: Math.min(260, 20 + 7 * longest),
    marginBottom: 40,
    x: { label: 'photographs', grid: true },
    y: { label: null, tickSize: 0, domain: counts.map((count) => count.className) },
    color: { domain: [...parts], range: colors },
    marks: [
      Plot.barX(
        rows,
        Plot.stackX({ x: 'photographs', y: 'className', fill: 'part', insetTop: 2, insetBottom: 2 }),
      ),
      Plot.ruleX([0]),
    ],
  });
  return legend(parts.map((part, index) => ({ label: part, color: colors[index] ?? 'gray' }))) + svg;
}

function countsTable(counts: readonly ClassCount[]): string {
  const total = (pick: (count: ClassCount) => number): string =>
    String(counts.reduce((sum, count) => sum + pick(count), 0));
  const all = (count: ClassCount): number => count.train + count.validation + count.test;
  return htmlTable(
    [
      { heading: 'Class' },
      { heading: 'Train', kind: 'number' },
      { heading: 'Validation', kind: 'number' },
      { heading: 'Test', kind: 'number' },
      { heading: 'All', kind: 'number' },
    ],
    counts.map((count) => [
      count.className,
      ...[count.train, count.validation, count.test, all(count)].map(String),
    ]),
    ['All', total((c) => c.train), total((c) => c.validation), total((c) => c.test), total(all)],
  );
}

function contestedSection(contested: readonly (readonly string[])[]): PageSection {
  return {
    heading: 'In more than one class',
    html:
      '<p>Each row is one picture that lies in several classes. None of its copies is used: decide which class it ' +
      'belongs to, and remove the others.</p>' +
      htmlTable(
        [{ heading: 'Copies' }],
        contested.slice(0, mostRows).map((paths) => [paths.join(', ')]),
      ),
  };
}

function leftOutTable(leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return '<p>Nothing: every file is a readable photograph of its own.</p>';
  const rows = leftOut
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, mostRows)
    .map(({ path, reason }) => [path, reason]);
  const more = leftOut.length > mostRows ? `<p class="note">and ${leftOut.length - mostRows} more</p>` : '';
  return htmlTable([{ heading: 'File' }, { heading: 'Why' }], rows) + more;
}
