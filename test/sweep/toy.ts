/** A pipeline whose best settings are known: rate 0.01, 40 units, kind b. */
export const toyPipeline = `
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { component, int, pipeline, type Dataset, type Int, type Metrics, type TaskContext } from 'ferrule';

/** Prepares data, slowly. */
export const prepare = component({}, async ({ marks }: { readonly marks: string }, out: { readonly data: Dataset }): Promise<void> => {
  if (marks !== '') await appendFile(marks, 'prepare\\n');
  await new Promise((done) => setTimeout(done, 300));
  await writeFile(out.data.path, 'data');
});

interface Inputs { readonly data: Dataset; readonly rate: number; readonly units: Int; readonly kind: string; readonly epochs: Int; readonly pause: Int; readonly marks: string }

/** Scores its settings. */
export const train = component({}, async ({ data, rate, units, kind, epochs, pause, marks }: Inputs, out: { readonly metrics: Metrics }, { report, signal }: TaskContext): Promise<{ score: number }> => {
  await readFile(data.path);
  if (rate > 0.9) throw new Error('it diverged');
  const score = 1 - (Math.log10(rate) + 2) ** 2 / 10 - (units - 40) ** 2 / 10000 - (kind === 'b' ? 0 : 0.1);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    report({ score: score * (1 - 1 / (epoch + 1)) }, epoch);
    await new Promise((done) => setTimeout(done, pause));
    signal.throwIfAborted();
  }
  if (marks !== '') await appendFile(marks, \`train \${rate} \${units} \${kind}\\n\`);
  out.metrics.log('score', score);
  return { score };
});

/** Trains a toy. */
export default pipeline('toy', { rate: 0.1, units: int(10), kind: 'b', epochs: int(3), pause: int(5), marks: '' }, ({ rate, units, kind, epochs, pause, marks }) => {
  const data = prepare({ marks });
  const trained = train({ data: data.outputs.data, rate, units, kind, epochs, pause, marks });
  return { score: trained.outputs.score };
});
`;
