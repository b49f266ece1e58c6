import * as Plot from '@observablehq/plot';
import { legend } from '../charts/html.ts';
import { renderSvg, seriesColors } from '../charts/svg.ts';
import type { ClassCurve } from './curves.ts';
import { thinned } from './roc.ts';

/** Curves with a colour of their own; with more classes the worst ones are drawn. */
const mostCurves = seriesColors.length;

/** Points a curve: more cannot be seen. */
const mostPoints = 400;

/** Draws ROC curves, each class against the rest, with a legend that gives the areas; the worst class first. */
export function rocPlot(curves: readonly ClassCurve[]): string {
  const shown = curves.toSorted((a, b) => a.auc - b.auc).slice(0, mostCurves);
  const points = shown.flatMap(({ className, roc }) => {
    const { falsePositiveRate, truePositiveRate } = thinned(roc, mostPoints);
    return falsePositiveRate.map((x, index) => ({ className, x, y: truePositiveRate[index] ?? 0 }));
  });
  const colors = shown.map((_, index) => seriesColors[index] ?? 'gray');
  const svg = renderSvg({
    width: 480,
    height: 460,
    marginLeft: 46,
    marginBottom: 40,
    x: { domain: [0, 1], label: 'false positive rate', grid: true },
    y: { domain: [0, 1], label: 'true positive rate', grid: true },
    color: { domain: shown.map((curve) => curve.className), range: colors },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: 'currentColor', strokeDasharray: '3,4', strokeOpacity: 0.5 },
      ),
      Plot.line(points, { x: 'x', y: 'y', z: 'className', stroke: 'className', strokeWidth: 1.8 }),
    ],
  });
  const labels = shown.map(({ className, auc }, index) => ({
    label: `${className} ${auc.toFixed(3)}`,
    color: colors[index] ?? 'gray',
  }));
  const more =
    curves.length > shown.length
      ? `<p class="note">The ${shown.length} classes with the smallest areas, of ${curves.length}.</p>`
      : '';
  return legend(labels) + svg + more;
}
