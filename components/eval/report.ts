import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { escapeHtml, htmlFigures, htmlPicture, htmlTable } from '../charts/html.ts';
import { htmlPage } from '../charts/page.ts';
import { mapInOrder } from '../images/parallel.ts';
import { commonConfusions, type Confusion } from './confusion.ts';
import { meanArea, type ClassCurve } from './curves.ts';
import { heatMap } from './heat-map.ts';
import { worstMistakes, type Mistake, type Predictions } from './predictions.ts';
import { rocPlot } from './roc-plot.ts';
import type { Scores } from './scores.ts';

export interface EvaluationReport {
  readonly predictions: Predictions;
  readonly confusion: Confusion;
  readonly scores: Scores;
  readonly curves: readonly ClassCurve[];
  /** How many of the worst mistakes to show. */
  readonly mistakes: number;
}

/** Classes beyond this make a heat map that nobody can read. */
const mostCells = 60;

/** Writes the report on a test: one HTML page that needs nothing besides itself. */
export async function evaluationReport(path: string, report: EvaluationReport): Promise<void> {
  const { predictions, confusion, scores, curves } = report;
  const wrong = scores.support - Math.round(scores.accuracy * scores.support);
  const shown = worstMistakes(predictions, report.mistakes);
  const page = htmlPage({
    title: 'Evaluation',
    lead: `${scores.support} photographs of ${confusion.classes.length} classes that training never saw; ${wrong} were given a wrong class.`,
    sections: [
      { heading: 'In short', html: figures(report) + inWords(confusion) },
      { heading: 'Classes', html: classTable(scores, curves) },
      { heading: 'Confusion matrix', html: confusionPicture(confusion) },
      {
        heading: 'ROC curves, each class against the rest',
        html: `<p>The legend gives the area under each curve: 1 is perfect, 0.5 a guess.</p>${rocPlot(curves)}`,
      },
      { heading: 'The worst mistakes', html: await mistakeSheet(shown, wrong) },
    ],
  });
  await writeFile(path, page);
}

function figures({ scores, curves }: EvaluationReport): string {
  const { accuracy, weighted, macro } = scores;
  return htmlFigures([
    { label: 'Accuracy', value: percent(accuracy) },
    { label: 'F1, weighted', value: weighted.f1.toFixed(3) },
    { label: 'F1, macro', value: macro.f1.toFixed(3) },
    { label: 'Precision, weighted', value: weighted.precision.toFixed(3) },
    { label: 'Recall, weighted', value: weighted.recall.toFixed(3) },
    { label: 'AUC, mean', value: meanArea(curves).toFixed(3) },
  ]);
}

function inWords(confusion: Confusion): string {
  const common = commonConfusions(confusion, 3);
  if (common.length === 0) return '<p>No photograph was given a wrong class.</p>';
  const list = common.map(
    ({ actual, predicted, count }) =>
      `<b>${escapeHtml(actual)}</b> taken for <b>${escapeHtml(predicted)}</b> (${count})`,
  );
  return `<p>Most often confused: ${list.join(', ')}.</p>`;
}

function classTable(scores: Scores, curves: readonly ClassCurve[]): string {
  const three = (value: number): string => value.toFixed(3);
  const row = (
    name: string,
    { precision, recall, f1 }: Scores['macro'],
    auc: string,
    support: number,
  ): string[] => [name, three(precision), three(recall), three(f1), auc, String(support)];
  const numbers = ['Precision', 'Recall', 'F1', 'AUC', 'Photographs'];
  return htmlTable(
    [{ heading: 'Class' }, ...numbers.map((heading) => ({ heading, kind: 'number' as const }))],
    [
      ...scores.classes.map((score, index) =>
        row(score.className, score, three(curves[index]?.auc ?? 0), score.support),
      ),
      row('macro mean', scores.macro, three(meanArea(curves)), scores.support),
    ],
    row('weighted mean', scores.weighted, '', scores.support),
  );
}

function confusionPicture(confusion: Confusion): string {
  if (confusion.classes.length > mostCells)
    return `<p>${confusion.classes.length} classes are too many to draw; the matrix is in the artifact "confusion".</p>`;
  return `<p>Rows are what photographs are, columns what they were called.</p>${heatMap(confusion)}`;
}

async function mistakeSheet(shown: readonly Mistake[], all: number): Promise<string> {
  if (shown.length === 0) return `<p>${all === 0 ? 'There are none.' : 'None were asked for.'}</p>`;
  const pictures: string[] = [];
  for await (const html of mapInOrder(shown, mistakePicture)) pictures.push(html);
  const lead = `<p>The ${shown.length} surest of ${all}.</p>`;
  return `${lead}<div class="sheet">${pictures.join('\n')}</div>`;
}

async function mistakePicture(mistake: Mistake): Promise<string> {
  const { photograph, actual, predicted, confidence, probabilityOfActual } = mistake;
  const image = await sharp(photograph.file)
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .resize(176, 176, { fit: 'cover' })
    .jpeg({ quality: 80 })
    .toBuffer();
  return htmlPicture({
    image,
    mediaType: 'image/jpeg',
    alt: `a photograph of ${actual}`,
    caption: `${actual} (${percent(probabilityOfActual)}), called ${predicted} (${percent(confidence)}) · ${photograph.path}`,
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
