import { writeFile } from 'node:fs/promises';
import { component, pipeline, type ClassificationMetrics, type Markdown, type Metrics } from 'ferrule';

interface Outputs {
  /** Figures that `ferrule compare` puts side by side. */
  readonly metrics: Metrics;
  /** Counts by actual and predicted class. */
  readonly confusion: ClassificationMetrics;
  readonly notes: Markdown;
}

/** Scores predictions against what was observed. */
export const score = component(
  { cpu: 1, memory: '512Mi' },
  async (
    { observed, predicted }: { observed: readonly string[]; predicted: readonly string[] },
    out: Outputs,
  ): Promise<{ accuracy: number }> => {
    const classes = [...new Set([...observed, ...predicted])].toSorted();
    const matrix = classes.map((actual) =>
      classes.map(
        (guess) => observed.filter((one, index) => one === actual && predicted[index] === guess).length,
      ),
    );
    const right = observed.filter((one, index) => predicted[index] === one).length;
    const accuracy = right / observed.length;
    out.metrics.log('accuracy', accuracy);
    out.metrics.log('right', right);
    out.confusion.logConfusionMatrix(classes, matrix);
    await writeFile(out.notes.path, `# Score\n\n${right} of ${observed.length} are right.\n`);
    return { accuracy };
  },
);

/** Scores a forecast of four days. */
export default pipeline(
  'forecast-score',
  { observed: ['rain', 'snow', 'rain', 'dew'], predicted: ['rain', 'rain', 'rain', 'dew'] },
  ({ observed, predicted }) => {
    const scored = score({ observed, predicted }, { retry: { maxAttempts: 2 }, timeout: '1m' });
    return { accuracy: scored.outputs.accuracy, notes: scored.outputs.notes };
  },
);
