/** The artifact types a component may take and give. All of them are KFP's, by schema title. */
import type { JsonValue } from '../spec/json.ts';

declare const title: unique symbol;

/**
 * A file or folder with metadata. `Title` is the schema title KFP records, so that a type of your own is
 * `interface Sketch extends Artifact<'acme.Sketch'> {}`; `Version` is its schema version.
 */
export interface Artifact<Title extends string = string, Version extends string = string> {
  readonly [title]: readonly [Title, Version];
  readonly name: string;
  /** Where the content lies on this machine: read it there, or write it there (a file, or a folder you make). */
  readonly path: string;
  /** Where the content lies in the pipeline root. */
  readonly uri: string;
  /** Written metadata of an output; read-only metadata of an input. JSON values. */
  readonly metadata: Record<string, JsonValue>;
}

export interface Dataset extends Artifact<'system.Dataset', '0.0.1'> {}

export interface Model extends Artifact<'system.Model', '0.0.1'> {}

export interface Html extends Artifact<'system.HTML', '0.0.1'> {}

export interface Markdown extends Artifact<'system.Markdown', '0.0.1'> {}

export interface Metrics extends Artifact<'system.Metrics', '0.0.1'> {
  /** Records one metric, in the metadata. */
  log(name: string, value: number | string | boolean): void;
}

/** Curves and matrices of one classifier. */
export interface ClassificationLog {
  /**
   * Records a ROC curve. The three arrays have one entry a point.
   * @throws RangeError where their lengths differ
   */
  logRocCurve(curve: RocCurve): void;
  /**
   * Records a confusion matrix: `matrix[actual][predicted]` counts, in the order of `categories`.
   * @throws RangeError where the matrix is not square in the categories
   */
  logConfusionMatrix(categories: readonly string[], matrix: readonly (readonly number[])[]): void;
}

export interface RocCurve {
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
  readonly threshold: readonly number[];
}

export interface ClassificationMetrics
  extends Artifact<'system.ClassificationMetrics', '0.0.1'>, ClassificationLog {}

export interface SlicedClassificationMetrics extends Artifact<'system.SlicedClassificationMetrics', '0.0.1'> {
  /** The log of one slice of the data, made at its first use. */
  slice(name: string): ClassificationLog;
}
