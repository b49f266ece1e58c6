/**
 * The program that runs a component inside a container: `node run.mjs --executor_input JSON --function_to_execute
 * NAME --code sha256:...`. It finds the bundle in the folder that FERRULE_BUNDLE names, else beside itself: in
 * `bundle/<hex digits of --code>/`, since an image may hold several, or in `bundle/`.
 * A failure also goes to the file that FERRULE_FAILURE_FILE names, as JSON.
 * Exit status: 0 where the outputs were written, 143 after a SIGTERM, else 1.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kebabCase } from '../spec/names.ts';
import { readArguments } from './arguments.ts';
import { blockOnOutput } from './blocking-output.ts';
import { findBundle, loadBody, verifyBundle } from './bundle.ts';
import { executeComponent, report } from './execute.ts';
import { failureOf, formatFailure, maskedFailure, neverSettles, type Failure } from './failure.ts';
import { failureFileVariable, writeFailureFile } from './failure-file.ts';
import { isChief, writeOutputFile } from './output-file.ts';
import { verifyMadeFrom } from './made-from.ts';
import { secretMask, type SecretMask } from './secret-mask.ts';
import { maskWrites } from './masked-writes.ts';

const stopped = new AbortController();
let masks: SecretMask = secretMask([]);

async function run(): Promise<void> {
  blockOnOutput();
  const args = readArguments(process.argv.slice(2));
  const secrets = args.secretEnv.flatMap((name) => process.env[name] ?? []);
  masks = secretMask(secrets);
  maskWrites(masks);
  const beside = fileURLToPath(new URL('./bundle', import.meta.url));
  const folder = process.env['FERRULE_BUNDLE'] ?? (await findBundle(beside, args.code));
  await verifyBundle(folder, args.code);
  await verifyMadeFrom(folder, args.madeFrom);
  const body = await loadBody(folder);
  const scratch = await mkdtemp(join(tmpdir(), 'ferrule-'));
  try {
    const taskName = process.env['FERRULE_TASK'] ?? kebabCase(args.function);
    const context = { taskName, signal: stopped.signal, scratch, report };
    const { input, artifactLists } = args;
    const output = await executeComponent({ body, input, context, artifactLists, secrets });
    if (isChief(process.env['CLUSTER_SPEC'])) await writeOutputFile(input.outputs.outputFile, output);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

process.once('SIGTERM', () => {
  stopped.abort(new Error('the container was asked to stop'));
  // A second one ends the process at once.
  process.once('SIGTERM', () => process.exit(143));
});
process.on('uncaughtException', (thrown) => end(failureOf(thrown, 'FER6013')));
process.on('unhandledRejection', (thrown) => end(failureOf(thrown, 'FER6013')));
// The normal end is an exit below: the event loop runs empty only while something is still awaited.
process.on('beforeExit', () => end(neverSettles));

function end(failure: Failure): never {
  process.stderr.write(`${formatFailure(failure)}\n`);
  if (!stopped.signal.aborted)
    writeFailureFile(process.env[failureFileVariable], maskedFailure(failure, masks));
  process.exit(stopped.signal.aborted ? 143 : 1);
}

try {
  await run();
  // What a body left open, such as a kept-alive connection, must not keep the container.
  process.exit(0);
} catch (thrown) {
  end(failureOf(thrown));
}
