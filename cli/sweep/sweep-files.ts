import { join } from 'node:path';
import { bestTrial, resultOfTrial, type SweepState } from '../../sweep/index.ts';
import { makeOutputFolder, writeOutputFile } from '../output-file.ts';
import { parallelCoordinates } from './parallel-coordinates.ts';
import { sweepReport } from './sweep-report.ts';

/** Where the results lie. */
export interface ResultFiles {
  readonly best?: string;
  readonly picture?: string;
  readonly report: string;
}

/** Writes the best parameters, the picture and the report into a folder; what there is not, is not written. */
export async function writeResults(state: SweepState, folder: string): Promise<ResultFiles> {
  await makeOutputFolder(folder);
  const best = bestTrial(state);
  const picture = parallelCoordinates(state);
  const files: { best?: string; picture?: string; report: string } = { report: join(folder, 'report.html') };
  await writeOutputFile(files.report, sweepReport(state, picture));
  if (picture !== undefined) {
    files.picture = join(folder, 'parallel-coordinates.svg');
    await writeOutputFile(files.picture, `${picture}\n`);
  }
  const parameters = best === undefined ? undefined : resultOfTrial(best)?.parameters;
  if (parameters !== undefined) {
    files.best = join(folder, 'best.json');
    await writeOutputFile(files.best, `${JSON.stringify(parameters, null, 2)}\n`);
  }
  return files;
}
