import { UserError } from '../../errors/index.ts';
import { paintFor } from '../color.ts';
import { compareRuns } from '../compare/comparison.ts';
import { comparisonHtml } from '../compare/comparison-html.ts';
import { formatComparison } from '../compare/comparison-text.ts';
import { openStores } from '../compose.ts';
import { findRun, readRun } from '../find-run.ts';
import { writeOutputFile } from '../output-file.ts';
import { resolveSettings } from '../settings.ts';
import { printJson } from '../print-json.ts';

interface CompareOptions {
  readonly root?: string;
  readonly json?: boolean;
  readonly html?: string;
}

/** Shows runs side by side. */
export async function compareCommand(names: readonly string[], options: CompareOptions): Promise<void> {
  if (names.length < 2)
    throw new UserError('FER1002', { problem: 'one run alone cannot be compared', fix: 'name two or more' });
  const { runs } = await openStores(resolveSettings('.', options.root));
  const states = [];
  for (const name of names) states.push(await readRun(runs, await findRun(runs, name)));
  const comparison = compareRuns(states);
  if (options.html !== undefined) {
    await writeOutputFile(options.html, comparisonHtml(comparison));
    process.stderr.write(`written to ${options.html}\n`);
  }
  if (options.json === true) printJson(comparison);
  else process.stdout.write(`${formatComparison(comparison, paintFor(process.stdout, process.env))}\n`);
}
