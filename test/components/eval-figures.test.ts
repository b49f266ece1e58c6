import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oraclePython } from '../counterparts.ts';
import { commonConfusions, confusionOf } from '../../components/eval/confusion.ts';
import { curvesOf, microCurve } from '../../components/eval/curves.ts';
import { highest, worstMistakes, type Predictions } from '../../components/eval/predictions.ts';
import { areaUnder, rocOf, thinned } from '../../components/eval/roc.ts';
import { scoresOf } from '../../components/eval/scores.ts';

describe('a confusion matrix', () => {
  it('has a row for what pictures are and a column for what they were called', () => {
    const { counts } = confusionOf(['a', 'b', 'c'], [0, 0, 1, 2, 2], [0, 2, 1, 2, 0]);
    expect(counts).toEqual([
      [1, 0, 1],
      [0, 1, 0],
      [1, 0, 1],
    ]);
  });

  it('refuses classes that it does not know', () => {
    expect(() => confusionOf(['a', 'b'], [0, -1], [0, 0])).toThrow('picture 1');
    expect(() => confusionOf(['a', 'b'], [0], [2])).toThrow('picture 0');
    expect(() => confusionOf(['a'], [0], [])).toThrow(RangeError);
  });

  it('tells which classes are confused most', () => {
    const confusion = confusionOf(['a', 'b'], [0, 0, 1, 1, 1], [1, 0, 0, 0, 1]);
    expect(commonConfusions(confusion, 1)).toEqual([{ actual: 'b', predicted: 'a', count: 2 }]);
  });
});

describe('scores', () => {
  // By hand: a: 2 of 3 found, 2 of 4 calls right; b: 1 of 2, 1 of 1; c: none of 1, none called.
  const scores = scoresOf(confusionOf(['a', 'b', 'c'], [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 0]));

  it('are those computed by hand, with 0 for a class that was never called', () => {
    const [a, b, c] = scores.classes;
    expect(a).toMatchObject({ precision: 2 / 4, recall: 2 / 3, support: 3 });
    expect(a?.f1).toBeCloseTo(4 / 7, 14);
    expect(b).toMatchObject({ precision: 1 / 2, recall: 1 / 2, f1: 1 / 2, support: 2 });
    expect(c).toMatchObject({ precision: 0, recall: 0, f1: 0, support: 1 });
    expect(scores.accuracy).toBe(3 / 6);
    expect(scores.macro.f1).toBeCloseTo((4 / 7 + 1 / 2) / 3, 14);
    expect(scores.weighted.f1).toBeCloseTo((3 * (4 / 7) + 2 * (1 / 2)) / 6, 14);
    expect(scores.weighted.precision).toBeCloseTo((3 * 0.5 + 2 * 0.5) / 6, 14);
  });

  it('have a weighted recall that is the accuracy', () => {
    const pairs = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(pairs, (drawn) => {
        const found = scoresOf(
          confusionOf(
            ['a', 'b', 'c', 'd'],
            drawn.map(([is]) => is),
            drawn.map(([, said]) => said),
          ),
        );
        expect(found.weighted.recall).toBeCloseTo(found.accuracy, 12);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a ROC curve', () => {
  it('is that of the textbook example', () => {
    const roc = rocOf([0.1, 0.4, 0.35, 0.8], [false, false, true, true]);
    expect(roc).toEqual({
      falsePositiveRate: [0, 0, 0.5, 0.5, 1],
      truePositiveRate: [0, 0.5, 0.5, 1, 1],
      threshold: [Number.POSITIVE_INFINITY, 0.8, 0.4, 0.35, 0.1],
    });
    expect(areaUnder(roc)).toBe(0.75);
  });

  it('counts equal scores together, so that a constant score is a guess', () => {
    expect(areaUnder(rocOf([0.5, 0.5, 0.5], [true, false, true]))).toBe(0.5);
  });

  it('has an area that is the chance of ranking a hit above a miss', () => {
    const drawn = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), {
      minLength: 2,
      maxLength: 30,
    });
    fc.assert(
      fc.property(drawn, (pairs) => {
        const hits = pairs.filter(([, truth]) => truth);
        const misses = pairs.filter(([, truth]) => !truth);
        fc.pre(hits.length > 0 && misses.length > 0);
        const wins = hits.flatMap(([hit]) =>
          misses.map(([miss]): number => (hit > miss ? 1 : hit === miss ? 0.5 : 0)),
        );
        const expected = wins.reduce((sum, win) => sum + win, 0) / wins.length;
        const roc = rocOf(
          pairs.map(([score]) => score),
          pairs.map(([, truth]) => truth),
        );
        expect(areaUnder(roc)).toBeCloseTo(expected, 12);
      }),
      { numRuns: 100 },
    );
  });

  it('needs both hits and misses', () => {
    expect(() => rocOf([0.1, 0.2], [true, true])).toThrow(RangeError);
  });

  it('thinned keeps its ends', () => {
    const scores = Array.from({ length: 500 }, (_, index) => Math.sin(index * 12.9898));
    const whole = rocOf(
      scores,
      scores.map((score, index) => score + Math.cos(index * 78.233) > 0),
    );
    const thin = thinned(whole, 20);
    expect(thin.threshold).toHaveLength(20);
    expect([thin.truePositiveRate.at(-1), thin.falsePositiveRate.at(-1)]).toEqual([1, 1]);
    expect(thin.threshold[0]).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the worst mistakes', () => {
  it('are the surest ones, and a right answer is none', () => {
    const rows = [
      [0.6, 0.4],
      [0.9, 0.1],
      [0.3, 0.7],
    ].map((row) => Float32Array.from(row));
    const photographs = ['1', '2', '3'].map((name) => ({
      path: `b/${name}`,
      file: name,
      className: 'b',
    }));
    const predictions: Predictions = {
      classes: ['a', 'b'],
      photographs,
      actual: [1, 1, 1],
      predicted: rows.map(highest),
      probabilities: rows,
    };
    expect(worstMistakes(predictions, 5).map((mistake) => mistake.photograph.path)).toEqual(['b/2', 'b/1']);
    expect(worstMistakes(predictions, 1)).toHaveLength(1);
  });
});

describe.skipIf(oraclePython === undefined)('beside scikit-learn', () => {
  it('all figures are the same', () => {
    const classes = ['a', 'b', 'c', 'd'];
    // Probabilities in hundredths, so that scores tie; class d is rarely called.
    const rows = Array.from({ length: 120 }, (_, index) => {
      const raw = classes.map((_, k) => Math.round(50 + 49 * Math.sin(index * 3.7 + k * 1.9)) / (k + 1));
      const total = raw.reduce((sum, value) => sum + value, 0);
      return Float32Array.from(raw.map((value) => Math.round((100 * value) / total) / 100));
    });
    const actual = rows.map((row, index) => (index % 3 === 0 ? index % 4 : highest(row)));
    const predictions: Predictions = {
      classes,
      photographs: [],
      actual,
      predicted: rows.map(highest),
      probabilities: rows,
    };
    const theirs = scikitLearn({
      actual,
      predicted: predictions.predicted,
      probabilities: rows.map((row) => [...row]),
    });
    const scores = scoresOf(confusionOf(classes, actual, predictions.predicted));
    expect(confusionOf(classes, actual, predictions.predicted).counts).toEqual(theirs.matrix);
    const ours = [
      scores.accuracy,
      ...[scores.weighted, scores.macro].flatMap(({ precision, recall, f1 }) => [precision, recall, f1]),
      ...scores.classes.flatMap(({ precision, recall, f1 }) => [precision, recall, f1]),
      ...curvesOf(predictions).map(({ auc }) => auc),
    ];
    expect(ours).toHaveLength(theirs.figures.length);
    for (const [index, figure] of ours.entries()) expect(figure).toBeCloseTo(theirs.figures[index] ?? 9, 12);
    for (const [index, { roc }] of curvesOf(predictions).entries())
      expect([roc.falsePositiveRate, roc.truePositiveRate]).toEqual(theirs.curves[index]);
    expect(areaUnder(microCurve(predictions))).toBeCloseTo(theirs.micro, 12);
  });
});

interface Oracle {
  readonly matrix: number[][];
  readonly figures: number[];
  readonly curves: [number[], number[]][];
  readonly micro: number;
}

function scikitLearn(data: object): Oracle {
  const program = `
import json, sys
import numpy as np
from sklearn import metrics as m
d = json.load(sys.stdin)
y, p, s = np.array(d["actual"]), np.array(d["predicted"]), np.array(d["probabilities"], dtype=np.float32)
k = range(s.shape[1])
prf = lambda a: list(m.precision_recall_fscore_support(y, p, average=a, labels=list(k), zero_division=0)[:3])
each = np.array(m.precision_recall_fscore_support(y, p, average=None, labels=list(k), zero_division=0)[:3]).T
curves = [m.roc_curve(y == i, s[:, i])[:2] for i in k]
one = np.array([[int(t == i) for i in k] for t in y])
print(json.dumps({
  "matrix": m.confusion_matrix(y, p, labels=list(k)).tolist(),
  "figures": [m.accuracy_score(y, p), *prf("weighted"), *prf("macro"), *each.ravel().tolist(),
              *[m.roc_auc_score(y == i, s[:, i]) for i in k]],
  "curves": [[f.tolist(), t.tolist()] for f, t in curves],
  "micro": m.roc_auc_score(one.ravel(), s.ravel()),
}))
`;
  const answer = execFileSync(oraclePython ?? '', ['-c', program], {
    input: JSON.stringify(data),
    encoding: 'utf8',
  });
  return JSON.parse(answer) as Oracle;
}
