/** A driver as a process of its own, to be killed: drives one run and prints its final state as JSON. */
import { readFileSync } from 'node:fs';
import { resumeRun, startRun } from '../../engine/index.ts';
import { FerruleError } from '../../errors/index.ts';
import type { CompiledPipeline } from '../../spec/index.ts';
import { openWorkbench } from './workbench.ts';

/** What the driver is told, as its one argument. */
export interface DriverOrder {
  readonly root: string;
  readonly bundles: string;
  readonly runId: string;
  /** File of the compiled pipeline; absent to resume. */
  readonly spec?: string;
  readonly caching?: 'on' | 'off';
}

const order = JSON.parse(process.argv[2] ?? '') as DriverOrder;
const bench = await openWorkbench(order.root, order.bundles);
try {
  const state =
    order.spec === undefined
      ? await resumeRun(order.runId, bench.ports)
      : await startRun(
          {
            compiled: JSON.parse(readFileSync(order.spec, 'utf8')) as CompiledPipeline,
            parameters: {},
            runId: order.runId,
            caching: order.caching ?? 'off',
            concurrency: 2,
          },
          bench.ports,
        );
  process.stdout.write(JSON.stringify(state));
} catch (error) {
  process.stdout.write(
    JSON.stringify({
      error: { text: String(error), code: error instanceof FerruleError ? error.code : 'none' },
    }),
  );
} finally {
  await bench.runner.close();
}
