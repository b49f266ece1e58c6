/** The component's command as it is started: placeholders resolved, nothing longer than the system takes. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Assignment } from '../engine/ports.ts';
import { workspaceMount } from '../spec/local-path.ts';
import { resolveContainer } from '../spec/index.ts';

/** One argument holds less than 128 KiB on Linux, its end included. */
const longestArgument = 131_071;

/**
 * Resolves a command. An executor input that no argument holds goes into a file: our executor reads `@<file>`.
 * @param written the command with its arguments, as the spec has them
 */
export async function commandOf(
  written: readonly string[],
  assignment: Assignment,
): Promise<readonly string[]> {
  const { input, attempt, startedAt } = assignment;
  const facts = { runId: attempt.runId, task: attempt.task, startedAt, workspacePath: workspaceMount };
  const { args } = resolveContainer({ image: '', args: written }, input, facts);
  const whole = JSON.stringify(input);
  if (Buffer.byteLength(whole) <= longestArgument) return args;
  const file = join(dirname(input.outputs.outputFile), 'executor-input.json');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, whole);
  return args.map((arg) => (arg === whole ? `@${file}` : arg));
}
