import { writeFile } from 'node:fs/promises';
import { dot, lineY, ruleX, ruleY } from '@observablehq/plot';
import { legend } from '../charts/html.ts';
import { htmlPage } from '../charts/page.ts';
import { renderSvg, seriesColors } from '../charts/svg.ts';
import type { Epoch } from './history.ts';

/** Writes loss and accuracy over the epochs as one HTML page. */
export async function writeCurves(path: string, history: readonly Epoch[], bestEpoch: number): Promise<void> {
  const loss = history.flatMap(({ epoch, loss, validationLoss }) => [
    { epoch, value: loss, part: 'training' },
    { epoch, value: validationLoss, part: 'validation' },
  ]);
  const accuracy = history.flatMap(({ epoch, accuracy, validationAccuracy }) => [
    { epoch, value: accuracy, part: 'training' },
    { epoch, value: validationAccuracy, part: 'validation' },
  ]);
  const [first = 'gray', second = 'gray'] = seriesColors;
  const key = legend([
    { label: 'training', color: first },
    { label: 'validation', color: second },
    { label: `best epoch (${bestEpoch})`, color: 'gray', dashed: true },
  ]);
  const page = htmlPage({
    title: 'Training',
    lead: `${history.length} epochs; the model is the one after epoch ${bestEpoch}, which had the lowest validation loss.`,
    sections: [
      { heading: 'Loss', html: key + chart('cross-entropy', loss, bestEpoch) },
      { heading: 'Accuracy', html: key + chart('share right', accuracy, bestEpoch, [0, 1]) },
    ],
  });
  await writeFile(path, page);
}

interface Point {
  readonly epoch: number;
  readonly value: number;
  readonly part: string;
}

function chart(label: string, points: readonly Point[], best: number, domain?: [number, number]): string {
  return renderSvg({
    height: 300,
    grid: true,
    x: { label: 'epoch', tickFormat: 'd', ticks: Math.min(10, points.length / 2) },
    y: { label, ...(domain === undefined ? { zero: true } : { domain }) },
    color: { domain: ['training', 'validation'] },
    marks: [
      ruleY([0]),
      ruleX([best], { stroke: 'gray', strokeDasharray: '4 3' }),
      lineY(points, { x: 'epoch', y: 'value', stroke: 'part' }),
      dot(points, { x: 'epoch', y: 'value', fill: 'part', r: 2.5 }),
    ],
  });
}
