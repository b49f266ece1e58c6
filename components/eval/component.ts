import {
  component,
  type ClassificationMetrics,
  type Dataset,
  type Html,
  type Int,
  type Metrics,
  type Model,
  type TaskContext,
} from 'ferrule';
import { withClassifier } from './classifier.ts';
import { confusionOf } from './confusion.ts';
import { curvesOf, meanArea, microCurve } from './curves.ts';
import { predictAll } from './predict.ts';
import { evaluationReport } from './report.ts';
import { thinned } from './roc.ts';
import { scoresOf } from './scores.ts';
import { checkClasses, testPhotographs } from './test-photographs.ts';
import { writeMetrics } from './write-metrics.ts';

interface Inputs {
  /** A folder that holds classifier.onnx. */
  readonly model: Model;
  /** Photographs that training never saw, one folder a class. */
  readonly test: Dataset;
  /** How many of the worst mistakes the report shows. */
  readonly mistakes?: Int;
}

interface Outputs {
  /** A folder that holds metrics.json; the same figures are its metadata. */
  readonly metrics: Metrics;
  /** Confusion matrix, and the ROC curve over all classes together. */
  readonly confusion: ClassificationMetrics;
  /** Everything on one page: figures, classes, confusion matrix, ROC curves, the worst mistakes. */
  readonly report: Html;
}

/** Points of a curve that are recorded beside the report, which has them all. */
const recordedPoints = 200;

/** Tests a classifier on photographs it has not seen. */
export const evaluate = component(
  { image: { name: 'eval', uriFrom: 'EVAL_MODEL_DOCKER_URI' }, cpu: 2, memory: '2Gi' },
  async (
    { model, test, mistakes = 12 }: Inputs,
    out: Outputs,
    { signal }: TaskContext,
  ): Promise<{
    /** Share of the photographs that were given their class. */
    accuracy: number;
    /** Means over the classes, weighted by their photographs. */
    precision: number;
    recall: number;
    f1: number;
    /** Mean of the classes' F1. */
    macroF1: number;
    /** Mean area under the classes' ROC curves, each against the rest. */
    auc: number;
  }> => {
    const photographs = await testPhotographs(test.path);
    const predictions = await withClassifier(model.path, async (classifier) => {
      checkClasses(photographs, classifier.labels);
      return predictAll(classifier, photographs, signal);
    });

    const { classes, actual, predicted } = predictions;
    const confusion = confusionOf(classes, actual, predicted);
    const scores = scoresOf(confusion);
    const curves = curvesOf(predictions);
    const { accuracy, weighted, macro } = scores;
    const result = { accuracy, ...weighted, macroF1: macro.f1, auc: meanArea(curves) };

    await writeMetrics(out.metrics, { ...result, photographs: photographs.length });
    out.confusion.logConfusionMatrix(classes, confusion.counts);
    out.confusion.logRocCurve(thinned(microCurve(predictions), recordedPoints));
    await evaluationReport(out.report.path, { predictions, confusion, scores, curves, mistakes });
    console.log(
      `${photographs.length} photographs  accuracy ${accuracy.toFixed(3)}  F1 ${weighted.f1.toFixed(3)}  AUC ${result.auc.toFixed(3)}`,
    );
    return result;
  },
);
