import { planRun, type Plan } from '../../engine/index.ts';
import { paintFor, type Paint } from '../color.ts';
import { concurrencyOf, openWorkbench } from '../compose.ts';
import { formatDifference } from '../difference-text.ts';
import { mostIterationsShown } from '../progress/loops.ts';
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
  const rows = foldLoops(plan.tasks).map((task) => [
    `  ${task.name}`,
    words[task.decision],
    paint('dim', task.differences?.map(formatDifference).join(', ') ?? task.reason),
  ]);
  const work = plan.tasks.filter(({ kind }) => kind === 'component' || kind === 'importer');
  const count = (decision: string): number => work.filter((task) => task.decision === decision).length;
  const total = `${count('hit')} cached, ${count('run')} to run, ${count('unknown')} that depend on what those give`;
  return `${paint('bold', plan.pipeline)}\n\n${formatTable(rows)}\n\n${total}`;
}

type PlannedTask = Plan['tasks'][number];

/** Puts the iterations of a large loop together, task by task: those that are decided alike are one line. */
function foldLoops(tasks: readonly PlannedTask[]): readonly PlannedTask[] {
  const iterations = new Map<string, number>();
  for (const { name } of tasks) {
    const at = name.lastIndexOf('/');
    const loop = name.slice(0, Math.max(0, at));
    if (/^\d+$/.test(name.slice(at + 1))) iterations.set(loop, (iterations.get(loop) ?? 0) + 1);
  }
  const large = [...iterations].filter(([, count]) => count > mostIterationsShown).map(([name]) => name);
  if (large.length === 0) return tasks;
  const folded = new Map<string, { readonly task: PlannedTask; count: number }>();
  for (const task of tasks) {
    const name = large.reduce(
      (path, loop) =>
        path.startsWith(`${loop}/`) ? `${loop}/${path.slice(loop.length + 1).replace(/^\d+/, '*')}` : path,
      task.name,
    );
    const key = `${name} ${task.decision}`;
    const known = folded.get(key);
    if (known === undefined) folded.set(key, { task: { ...task, name }, count: 1 });
    else known.count += 1;
  }
  return [...folded.values()].map(({ task, count }) => {
    if (count === 1) return task;
    const { differences: _, ...rest } = task;
    return { ...rest, reason: `${count} of them: ${task.reason}` };
  });
}
