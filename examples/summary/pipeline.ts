import { readFile, writeFile } from 'node:fs/promises';
import { component, pipeline, type Artifact, type Dataset, type Int } from 'ferrule';

/** An artifact type of one's own: KFP records its name and version. */
interface Summary extends Artifact<'examples.Summary', '1.0.0'> {}

interface Limits {
  readonly low: number;
  readonly high: number;
}

const wide: Limits = { low: -50, high: 60 };

/** Keeps the readings within limits. */
export const keep = component(
  {},
  async (
    { readings, limits = wide }: { readings: readonly number[]; limits?: Limits },
    out: { kept: Dataset },
  ): Promise<{ dropped: Int }> => {
    const kept = readings.filter((reading) => limits.low <= reading && reading <= limits.high);
    await writeFile(out.kept.path, kept.join('\n'));
    return { dropped: readings.length - kept.length };
  },
);

interface Inputs {
  readonly data: Dataset;
  /** What the summary is compared with, where there is an earlier one. */
  readonly before?: Summary;
  readonly unit?: 'celsius' | 'kelvin';
}

/** Sums readings up. */
export const summarize = component(
  {},
  async (
    { data, before, unit = 'celsius' }: Inputs,
    out: { summary: Summary },
  ): Promise<{ mean: number; change: number }> => {
    const readings = (await readFile(data.path, 'utf8')).split('\n').map(Number);
    const shift = unit === 'kelvin' ? 273 : 0;
    const mean = readings.reduce((sum, reading) => sum + reading, 0) / readings.length + shift;
    await writeFile(out.summary.path, String(mean));
    const earlier = before === undefined ? mean : Number(await readFile(before.path, 'utf8'));
    return { mean, change: mean - earlier };
  },
);

/** Sums two months of readings up, the second one beside the first. */
export default pipeline(
  'summary',
  { june: [18, 22, 999, 20], july: [21, 25, 23], limits: { low: -50, high: 60 } },
  ({ june, july, limits }) => {
    const [first, second] = [june, july].map((readings) => keep({ readings, limits }));
    if (first === undefined || second === undefined) throw new Error('there are two months');
    const before = summarize({ data: first.outputs.kept });
    const after = summarize(
      { data: second.outputs.kept, before: before.outputs.summary },
      { name: 'summarize-july', displayName: 'Summarize July' },
    );
    return { dropped: first.outputs.dropped, mean: after.outputs.mean, change: after.outputs.change };
  },
);
