import * as Plot from '@observablehq/plot';
import { renderSvg } from '../charts/svg.ts';
import type { Confusion } from './confusion.ts';

/**
 * Draws a confusion matrix: rows are what pictures are, columns what they were called, colour the share of the row.
 * Cells have their own paper, so that the picture reads alike on light and dark pages.
 */
export function heatMap({ classes, counts }: Confusion): string {
  const cells = counts.flatMap((row, actual) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => ({
      actual: classes[actual] ?? '',
      predicted: classes[predicted] ?? '',
      count,
      share: total === 0 ? 0 : count / total,
      right: actual === predicted,
    }));
  });
  const longest = Math.max(...classes.map((name) => name.length));
  const margin = Math.min(220, 24 + 7.2 * longest);
  const side = Math.max(16, Math.min(52, Math.floor((680 - margin) / classes.length)));
  const text = {
    x: 'predicted',
    y: 'actual',
    text: (cell: Cell) => (cell.count === 0 ? '' : String(cell.count)),
  };
  return renderSvg({
    width: margin + side * classes.length + 16,
    height: margin + side * classes.length + 16,
    marginLeft: margin,
    marginTop: margin,
    marginBottom: 16,
    marginRight: 16,
    padding: 0.04,
    x: {
      domain: [...classes],
      axis: 'top',
      label: null,
      tickRotate: -45,
      tickSize: 0,
    },
    y: { domain: [...classes], label: null, tickSize: 0 },
    color: { type: 'linear', domain: [0, 1], range: ['#eef2f6', '#17588f'] },
    marks: [
      Plot.cell(cells, { x: 'predicted', y: 'actual', fill: 'share' }),
      Plot.text(
        cells.filter((cell) => cell.share < 0.5),
        { ...text, fill: '#1d2329' },
      ),
      Plot.text(
        cells.filter((cell) => cell.share >= 0.5),
        { ...text, fill: '#ffffff', fontWeight: 600 },
      ),
    ],
  });
}

interface Cell {
  readonly count: number;
}
