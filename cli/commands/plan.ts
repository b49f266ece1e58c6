import { planRun, type Plan } from '../../engine/index.ts';
import { paintFor, type Paint } from '../color.ts';
import { concurrencyOf, openWorkbench } from '../compose.ts';
import { formatDifference } from '../difference-text.ts';
import { prepareRun, type PipelineOptions } from '../run-request.ts';
import { chooseRunner, type RunnerFlags } from '../runner-choice.ts';
import { resolveSettings } from '../settings.ts';
import { formatTable } from '../table.ts';
import { printJson } from '../print-json.ts';

interface PlanOptions extends PipelineOptions, RunnerFlags {
  readonly root?: string;
  readonly json?: boolean;
  readonly exitCode?: boolean;
}

/** Says what a run would do. With --exit-code the exit status is 2 where anything would run. */
export async function planCommand(file: string, options: PlanOptions): Promise<void> {
  const settings = resolveSettings(file, options.root);
  const runner = await chooseRunner(options, settings);
  const concurrency = concurrencyOf(runner, undefined);
  const { request } = await prepareRun(file, options, settings, concurrency);
  const silent = { event: () => undefined, log: () => undefined };
  const workbench = await openWorkbench(settings, silent, runner, concurrency);
  let plan: Plan;
  try {
    plan = await planRun(request, workbench.ports);
  } finally {
    await workbench.close();
  }
  if (options.json === true) printJson(plan);
  else process.stdout.write(`${formatPlan(plan, paintFor(process.stdout, process.env))}\n`);
  const runs = plan.tasks.some(({ decision }) => decision === 'run' || decision === 'unknown');
  if (options.exitCode === true && runs) process.exitCode = 2;
}

function formatPlan(plan: Plan, paint: Paint): string {
  const words = {
    hit: paint('cyan', 'cached'),
    run: paint('green', 'runs'),
    unknown: paint('yellow', 'may run'),
    skip: paint('dim', 'skipped'),
  };
  const rows = plan.tasks.map((task) => [
    `  ${task.name}`,
    words[task.decision],
    paint('dim', task.differences?.map(formatDifference).join(', ') ?? task.reason),
  ]);
  const count = (decision: string): number => plan.tasks.filter((task) => task.decision === decision).length;
  const total = `${count('hit')} cached, ${count('run')} to run, ${count('unknown')} that depend on what those give`;
  return `${paint('bold', plan.pipeline)}\n\n${formatTable(rows)}\n\n${total}`;
}
