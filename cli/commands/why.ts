import { explainTask, type Explanation } from '../../engine/index.ts';
import { paintFor, type Paint } from '../color.ts';
import { openStores } from '../compose.ts';
import { formatSide } from '../difference-text.ts';
import { findRun, readRun } from '../find-run.ts';
import { findTask } from '../find-task.ts';
import { resolveSettings } from '../settings.ts';
import { formatTable } from '../table.ts';
import { printJson } from '../print-json.ts';

interface WhyOptions {
  readonly root?: string;
  readonly json?: boolean;
}

/** Explains a task's cache decision. */
export async function whyCommand(run: string, task: string, options: WhyOptions): Promise<void> {
  const root = await openStores(resolveSettings('.', options.root));
  const runId = await findRun(root.runs, run);
  const { tasks } = await readRun(root.runs, runId);
  const explanation = await explainTask(runId, findTask(runId, task, tasks), root);
  if (options.json === true) printJson(explanation);
  else process.stdout.write(`${formatExplanation(explanation, paintFor(process.stdout, process.env))}\n`);
}

function formatExplanation(explanation: Explanation, paint: Paint): string {
  const { task, runId, decision, reason, fingerprint, compared, madeOn, differences } = explanation;
  const lines = [`${paint('bold', task)} of run ${runId}: ${decision}`, `  ${reason}`];
  if (fingerprint !== undefined) lines.push(paint('dim', `  fingerprint ${fingerprint}`));
  if (madeOn !== undefined) {
    const node = madeOn.node === undefined ? [] : [`Node.js ${madeOn.node}`];
    const image = madeOn.image === undefined ? [] : [madeOn.image];
    const parts = [madeOn.runner, madeOn.platform, ...node, madeOn.accelerator ?? 'no accelerator', ...image];
    lines.push(paint('dim', `  made by ${parts.join(', ')}`));
  }
  if (compared !== undefined)
    lines.push(
      '',
      `Against ${compared.task} of run ${compared.runId}${differences.length === 0 ? ': nothing differs' : ':'}`,
    );
  if (differences.length > 0)
    lines.push(
      formatTable(
        differences.map(({ field, before, now, meaning }) => [
          `  ${field}`,
          paint('red', formatSide(before)),
          '->',
          paint('green', formatSide(now)),
          paint('dim', meaning),
        ]),
      ),
    );
  return lines.join('\n');
}
