/** Draws trials as lines over one axis a parameter, and one for the metric: what the good ones share shows. */
import { line, plot, ruleX, text } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import {
  keyOf,
  lossOf,
  placeOf,
  rankedTrials,
  resultOfTrial,
  statusOf,
  valueOf,
  type Dimension,
  type SweepState,
  type Trial,
} from '../../sweep/index.ts';
import { formatValue } from '../progress/summary.ts';
import { formatNumber } from '../units.ts';
import { roundTicks, thinned } from './axis-ticks.ts';
import { shortened, titleLines, widthOf } from './axis-title.ts';

const fontSize = 12;
/** Bold letters are wider: titles are measured as if they were larger. */
const boldSize = 13.5;
const lineHeight = 15;
const plotHeight = 310;
const marginBottom = 20;
/** Pixels from axis to axis. */
const columnWidth = 150;
/** Pixels between neighbours. */
const gap = 12;
/** Labels that an axis has room for. */
const mostLabels = Math.floor(plotHeight / lineHeight);

interface Axis {
  readonly name: string;
  /** Where a trial crosses it, 0 to 1; NaN where it does not. */
  readonly at: (trial: Trial) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/**
 * Draws the trials that came to a figure as SVG text: equal trials give equal bytes.
 * @returns undefined where no trial has a figure
 */
export function parallelCoordinates(state: SweepState): string | undefined {
  // The best ones are drawn last, over the others.
  const trials = rankedTrials(state.trials, state.plan)
    .filter((trial) => statusOf(trial) === 'succeeded')
    .toReversed();
  if (trials.length === 0) return undefined;
  const axes = axesOf(state, trials);
  const losses = trials.map((trial) => lossOf(valueOf(trial) ?? 0, state.plan.metric));
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  const points = trials.flatMap((trial, index) => {
    const loss = losses[index] ?? 0;
    const goodness = most === least ? 1 : (most - loss) / (most - least);
    return axes.map(({ at }, x) => ({ x, y: at(trial), trial: trial.number, goodness }));
  });
  const titles = axes.map(({ name }, x) => {
    const lines = titleLines(name, columnWidth - gap, boldSize);
    return { x, name, lines, width: Math.max(...lines.map((line) => widthOf(line, boldSize))) };
  });
  const ticks = axes.flatMap((axis, x) =>
    thinned(axis.ticks, mostLabels).map(({ at, label }) => ({
      x,
      at,
      whole: label,
      label: shortened(label, columnWidth - 2 * gap, fontSize),
    })),
  );
  const last = axes.length - 1;
  const lastLabels = ticks.filter(({ x }) => x === last).map(({ label }) => widthOf(label, fontSize) + gap);
  const marginLeft = gap + Math.max(20, (titles[0]?.width ?? 0) / 2);
  const marginRight = gap + Math.max(...lastLabels, (titles[last]?.width ?? 0) / 2);
  const marginTop = 26 + lineHeight * Math.max(...titles.map(({ lines }) => lines.length));
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn: unknown = plot({
    document,
    width: Math.ceil(Math.max(480, marginLeft + marginRight + columnWidth * last)),
    height: Math.ceil(marginTop + plotHeight + marginBottom),
    marginLeft,
    marginRight,
    marginTop,
    marginBottom,
    style: { background: 'transparent', fontFamily: 'system-ui, sans-serif', fontSize: `${fontSize}px` },
    x: { axis: null, domain: [0, axes.length - 1] },
    y: { axis: null, domain: [0, 1] },
    // Told apart on light and dark paper, and by colour-blind readers.
    color: {
      type: 'linear',
      domain: [0, 0.6, 1],
      range: ['#a9bccb', '#8a6fb0', '#d1495b'],
      interpolate: 'rgb',
      legend: false,
    },
    marks: [
      ruleX(axes, { x: (_, index: number) => index, stroke: 'currentColor', strokeOpacity: 0.4 }),
      line(points, {
        x: 'x',
        y: 'y',
        z: 'trial',
        stroke: 'goodness',
        strokeWidth: 1.6,
        strokeOpacity: 0.85,
        curve: 'monotone-x',
      }),
      text(titles, {
        x: 'x',
        y: 1,
        text: ({ lines }: { readonly lines: readonly string[] }) => lines.join('\n'),
        title: 'name',
        lineAnchor: 'bottom',
        lineHeight: lineHeight / fontSize,
        dy: -14,
        fontWeight: 600,
        fill: 'currentColor',
      }),
      text(ticks, {
        x: 'x',
        y: 'at',
        text: 'label',
        title: 'whole',
        textAnchor: 'start',
        dx: 6,
        fill: 'currentColor',
        stroke: 'var(--paper, white)',
        strokeWidth: 3,
      }),
    ],
  });
  if (typeof drawn !== 'object' || drawn === null || !('outerHTML' in drawn) || !('setAttribute' in drawn))
    return undefined;
  const { setAttribute } = drawn;
  if (typeof setAttribute === 'function') setAttribute.call(drawn, 'xmlns', 'http://www.w3.org/2000/svg');
  return String(drawn.outerHTML);
}

function axesOf({ plan }: SweepState, trials: readonly Trial[]): readonly Axis[] {
  const values = trials.map((trial) => valueOf(trial) ?? 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const up = plan.metric.goal === 'maximize';
  const height = (value: number): number => {
    const share = high === low ? 0.5 : (value - low) / (high - low);
    return up ? share : 1 - share;
  };
  const parameters = plan.space.map(({ name, dimension }) => axisOf(name, dimension));
  const { halving } = plan;
  const rungs = halving?.rungs ?? [];
  const rungHeight = (rung: number): number => (rungs.length < 2 ? 0.5 : rung / (rungs.length - 1));
  const resource: readonly Axis[] =
    halving === undefined
      ? []
      : [
          {
            name: halving.resource,
            at: (trial) => rungHeight(resultOfTrial(trial)?.rung ?? 0),
            ticks: rungs.map((amount, rung) => ({ at: rungHeight(rung), label: formatNumber(amount) })),
          },
        ];
  const ticks = [low, low + (high - low) / 2, high].map((value) => ({
    at: height(value),
    label: formatNumber(value),
  }));
  return [
    ...parameters,
    ...resource,
    {
      name: plan.metric.from,
      at: (trial) => height(valueOf(trial) ?? low),
      ticks: low === high ? ticks.slice(0, 1) : ticks,
    },
  ];
}

function axisOf(name: string, dimension: Dimension): Axis {
  if (dimension.kind === 'choice') {
    const { values } = dimension;
    const height = (index: number): number => (values.length === 1 ? 0.5 : index / (values.length - 1));
    return {
      name,
      at(trial) {
        const value = trial.configuration[name];
        return value === undefined
          ? Number.NaN
          : height(values.findIndex((one) => keyOf(one) === keyOf(value)));
      },
      ticks: values.map((value, index) => ({
        at: height(index),
        label: formatValue(value),
      })),
    };
  }
  const { kind, low, high, log } = dimension;
  return {
    name: log ? `${name} (log)` : name,
    at(trial) {
      const value = trial.configuration[name];
      return value === undefined ? Number.NaN : placeOf(dimension, Number(value));
    },
    ticks: roundTicks(low, high, log, kind === 'integer').map((value) => ({
      at: placeOf(dimension, value),
      label: String(value),
    })),
  };
}
