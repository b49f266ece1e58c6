import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metrics } from 'ferrule';

/** Records figures as metrics, and writes them to metrics.json in the artifact's folder for other programs to read. */
export async function writeMetrics(
  metrics: Metrics,
  figures: Readonly<Record<string, number | string>>,
): Promise<void> {
  for (const [name, value] of Object.entries(figures)) metrics.log(name, value);
  await mkdir(metrics.path, { recursive: true });
  await writeFile(join(metrics.path, 'metrics.json'), `${JSON.stringify(figures, null, 2)}\n`);
}
