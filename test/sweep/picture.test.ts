import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { roundTicks } from '../../cli/sweep/axis-ticks.ts';
import { parallelCoordinates } from '../../cli/sweep/parallel-coordinates.ts';
import { randomSearch } from '../../sweep/methods/random-search.ts';
import type { SearchedParameter, SweepEvent, SweepPlan } from '../../sweep/index.ts';
import { foldSweep } from '../../sweep/index.ts';

const at = '2026-01-01T00:00:00.000Z';
const rate: SearchedParameter = {
  name: 'learning_rate',
  dimension: { kind: 'number', low: 0.0001, high: 0.1, log: true },
};
const optimizer: SearchedParameter = {
  name: 'optimizerOfTheSecondClassifierHead',
  dimension: {
    kind: 'choice',
    values: [
      'adam',
      'stochastic-gradient-descent-with-momentum',
      'stochastic-gradient-descent-plain',
      true,
      null,
    ],
  },
};
const many: readonly SearchedParameter[] = [
  { name: 'backbone_freeze_until_this_layer', dimension: { kind: 'integer', low: 0, high: 12, log: false } },
  rate,
  optimizer,
  { name: 'number_of_hidden_units_per_layer', dimension: { kind: 'integer', low: 4, high: 1024, log: true } },
  {
    name: 'dropout',
    dimension: { kind: 'number', low: 0, high: 0.5, log: false },
    when: { optimizerOfTheSecondClassifierHead: ['adam', true] },
  },
  {
    name: 'weight_decay_of_everything_but_biases_and_norms',
    dimension: { kind: 'number', low: 0.02, high: 0.09, log: true },
  },
  {
    name: 'WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW',
    dimension: { kind: 'choice', values: Array.from({ length: 40 }, (_, index) => index * 8) },
  },
];

/** Draws twelve trials, of which every fourth failed. */
function drawn(
  space: readonly SearchedParameter[],
  from = 'evaluate.metrics.balancedAccuracyOfAllClasses',
): string {
  const plan: SweepPlan = {
    method: 'random',
    metric: { from, goal: 'maximize' },
    space,
    fixed: {},
    seed: 3,
    trials: 12,
    parallel: 1,
    retries: 0,
  };
  const events: SweepEvent[] = [{ kind: 'sweep-started', at, sweepId: 's', pipeline: 'p', plan }];
  for (let trial = 0; trial < 12; trial++) {
    const configuration = randomSearch({ space, seed: 3, number: trial, before: [] }) ?? {};
    events.push(
      {
        kind: 'trial-started',
        at,
        trial,
        rung: 0,
        runId: `r${trial}`,
        configuration,
        parameters: configuration,
      },
      {
        kind: 'trial-ended',
        at,
        trial,
        rung: 0,
        outcome:
          trial % 4 === 3
            ? {
                kind: 'failed',
                failure: { code: 'FER5002', kind: 'user', problem: 'it diverged', retryable: false },
              }
            : { kind: 'succeeded', value: 0.5 + trial / 37 },
      },
    );
  }
  const state = foldSweep(events);
  return (state === undefined ? undefined : parallelCoordinates(state)) ?? '';
}

interface Ink {
  readonly width: number;
  readonly height: number;
  /** Whether anything is drawn in a rectangle; its ends are left out. */
  in(left: number, right: number, top: number, bottom: number): boolean;
}

async function inkOf(svg: string, name: string): Promise<Ink> {
  const folder = process.env['FERRULE_PICTURES'];
  const paper = sharp(Buffer.from(svg)).flatten({ background: 'white' });
  if (folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    await paper.clone().toFile(join(folder, `${name}.png`));
  }
  const { data, info } = await paper.greyscale().raw().toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    in(left, right, top, bottom) {
      for (let y = Math.round(top); y < Math.round(bottom); y++)
        for (let x = Math.round(left); x < Math.round(right); x++)
          if ((data[y * info.width + x] ?? 255) < 160) return true;
      return false;
    },
  };
}

/** Finds where the axes stand, and where they begin. */
function axesIn(svg: string): { readonly places: readonly number[]; readonly top: number } {
  const rules = [...parseHTML(svg).document.querySelectorAll('[aria-label="rule"] line')];
  return {
    places: rules.map((rule) => Number(rule.getAttribute('x1'))),
    top: Number(rules[0]?.getAttribute('y1')),
  };
}

describe('the picture of a sweep', () => {
  it.each([
    ['one parameter', [rate]],
    ['three parameters', many.slice(1, 4)],
    ['seven parameters', many],
  ] as const)('shows all of its text, and no title touches another: %s', async (name, space) => {
    const svg = drawn(space);
    const ink = await inkOf(svg, name.replace(' ', '-'));
    const { places, top } = axesIn(svg);
    expect(places).toHaveLength(space.length + 1);
    expect(ink.in(0, 3, 0, ink.height)).toBe(false);
    expect(ink.in(ink.width - 3, ink.width, 0, ink.height)).toBe(false);
    expect(ink.in(0, ink.width, 0, 3)).toBe(false);
    for (const [index, place] of places.entries()) {
      expect(ink.in(place - 20, place + 20, 0, top - 8)).toBe(true);
      const next = places[index + 1];
      if (next === undefined) continue;
      const middle = (place + next) / 2;
      expect(ink.in(middle - 2, middle + 2, 0, top - 8), `between the titles ${index} and ${index + 1}`).toBe(
        false,
      );
    }
  });

  it('tells names in full where they are shortened', () => {
    const svg = drawn(many);
    for (const { name } of many) expect(svg).toContain(name);
    expect(svg).toContain('stochastic-gradient-descent-plain');
  });

  it('marks axes at round values: decades where ratios count', () => {
    const labels = [...drawn([rate]).matchAll(/<text[^>]*>([^<]+)</g)].map(([, label]) => label);
    expect(labels).toEqual(expect.arrayContaining(['0.0001', '0.001', '0.01', '0.1']));
    expect(roundTicks(0.0003, 0.03, true, false)).toEqual([0.001, 0.01]);
    expect(roundTicks(4, 1024, true, true)).toEqual([10, 100, 1000]);
    expect(roundTicks(0.02, 0.09, true, false)).toEqual([0.02, 0.05]);
    expect(roundTicks(0.02, 0.3, true, false)).toEqual([0.02, 0.05, 0.1, 0.2]);
    expect(roundTicks(3, 4, true, false)).toEqual([3, 3.2, 3.4, 3.6, 3.8, 4]);
    expect(roundTicks(1e-12, 1, true, false)).toEqual([1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1]);
    expect(roundTicks(0, 0.5, false, false)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(roundTicks(4, 64, false, true)).toEqual([10, 20, 30, 40, 50, 60]);
    expect(roundTicks(1, 3, false, true)).toEqual([1, 2, 3]);
    expect(roundTicks(-0.3, 0.3, false, false)).toEqual([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3]);
    expect(roundTicks(7, 7, true, true)).toEqual([7]);
  });
});
