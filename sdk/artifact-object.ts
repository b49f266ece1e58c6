/** The object that stands for an artifact inside a running component. */
import type { JsonValue } from '../spec/json.ts';
import type { ClassificationLog, RocCurve } from './artifacts.ts';

export interface ArtifactFields {
  readonly name: string;
  readonly uri: string;
  readonly path: string;
  readonly metadata?: Readonly<Record<string, JsonValue>>;
}

/**
 * One class serves every artifact type: which methods a component may call is a matter of its declared type, and
 * all of them write metadata only.
 */
export class ArtifactObject {
  readonly name: string;
  readonly uri: string;
  readonly path: string;
  readonly metadata: Record<string, JsonValue>;

  constructor(fields: ArtifactFields) {
    this.name = fields.name;
    this.uri = fields.uri;
    this.path = fields.path;
    this.metadata = { ...fields.metadata };
  }

  log(name: string, value: number | string | boolean): void {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new RangeError(`the metric "${name}" is ${value}: only finite numbers can be recorded`);
    this.metadata[name] = value;
  }

  logRocCurve(curve: RocCurve): void {
    classificationLog(this.metadata).logRocCurve(curve);
  }

  logConfusionMatrix(categories: readonly string[], matrix: readonly (readonly number[])[]): void {
    classificationLog(this.metadata).logConfusionMatrix(categories, matrix);
  }

  slice(name: string): ClassificationLog {
    const slices = (this.metadata['evaluationSlices'] ??= []) as unknown as SliceMetadata[];
    let found = slices.find((entry) => entry.slice === name);
    if (found === undefined) slices.push((found = { slice: name, sliceClassificationMetrics: {} }));
    return classificationLog(found.sliceClassificationMetrics);
  }
}

interface SliceMetadata {
  readonly slice: string;
  readonly sliceClassificationMetrics: Record<string, JsonValue>;
}

function classificationLog(metadata: Record<string, JsonValue>): ClassificationLog {
  return {
    logRocCurve({ falsePositiveRate, truePositiveRate, threshold }) {
      if (
        falsePositiveRate.length !== truePositiveRate.length ||
        threshold.length !== truePositiveRate.length
      )
        throw new RangeError(
          'a ROC curve needs as many false positive rates, true positive rates and thresholds',
        );
      metadata['confidenceMetrics'] = truePositiveRate.map((recall, index) => ({
        // Infinity, the usual first threshold, has no JSON form.
        confidenceThreshold: Math.min(threshold[index] ?? 0, Number.MAX_VALUE),
        recall,
        falsePositiveRate: falsePositiveRate[index] ?? 0,
      }));
    },
    logConfusionMatrix(categories, matrix) {
      if (matrix.length !== categories.length || matrix.some((row) => row.length !== categories.length))
        throw new RangeError(
          `a confusion matrix of ${categories.length} categories needs as many rows and columns`,
        );
      metadata['confusionMatrix'] = {
        annotationSpecs: categories.map((displayName) => ({ displayName })),
        rows: matrix.map((row) => ({ row: [...row] })),
      };
    },
  };
}
