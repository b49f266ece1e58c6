import { collectGarbage } from '../../stores/index.ts';
import { openStores } from '../compose.ts';
import { resolveSettings } from '../settings.ts';
import { formatTable } from '../table.ts';
import { formatBytes } from '../units.ts';
import { printJson } from '../print-json.ts';

interface GcOptions {
  readonly root?: string;
  readonly json?: boolean;
  readonly olderThan?: number;
  readonly keep?: number;
  readonly dryRun?: boolean;
}

const day = 86_400_000;
const defaultDays = 30;

/** Removes runs that ended long ago, and what no run or cache entry needs. */
export async function gcCommand(options: GcOptions): Promise<void> {
  const root = await openStores(resolveSettings('.', options.root));
  const days = options.olderThan ?? (options.keep === undefined ? defaultDays : undefined);
  const report = await collectGarbage(root, {
    now: Date.now(),
    ...(days !== undefined && { olderThan: days * day }),
    ...(options.keep !== undefined && { keepRuns: options.keep }),
    dryRun: options.dryRun === true,
  });
  if (options.json === true) {
    printJson(report);
    return;
  }
  const counts = [
    ['runs', report.runs.length],
    ['attempts', report.attempts],
    ['cache entries', report.cacheEntries],
    ['bundles', report.bundles],
    ['leftovers of programs that were killed', report.leftovers],
  ] as const;
  const rows = counts.filter(([, count]) => count > 0).map(([what, count]) => [`  ${count}`, what]);
  const verb = report.dryRun ? 'would free' : 'freed';
  process.stdout.write(
    `${rows.length === 0 ? '' : `${formatTable(rows)}\n`}${verb} ${formatBytes(report.bytes)}\n`,
  );
}
