/** Makes runs: what they need lies under the root before anything of them is executed. */
import { UserError } from '../errors/index.ts';
import { digestOfJson, isPathName, type CompiledPipeline } from '../spec/index.ts';
import { checkPipeline } from './check/check.ts';
import { withSelection } from './check/check-selection.ts';
import { loadExpressions } from './graph/expressions.ts';
import { identityOf } from './identity.ts';
import type { NewEvent } from './graph/machine.ts';
import type { EnginePorts } from './ports.ts';
import type { RunRequest } from './request.ts';

/** Makes a run under the root, with its spec and its code; returns the first event of its log. */
export async function createRun(given: RunRequest, ports: EnginePorts): Promise<NewEvent> {
  const { compiled, runId, caching, concurrency } = given;
  checkRunId(runId);
  await loadExpressions(compiled.spec);
  checkPipeline(compiled, ports.runner);
  const request = withSelection(given);
  await keepBundles(compiled, ports);
  if ((await ports.runs.create(runId, compiled)) === 'exists' && !(await hasNotBegun(runId, compiled, ports)))
    throw new UserError('FER4004', {
      problem: `there is a run "${runId}" already`,
      fix: `choose another id, or: ferrule resume ${runId}`,
    });
  const definitions = compiled.spec.root.inputDefinitions?.parameters ?? {};
  return {
    kind: 'run-started',
    runId,
    pipeline: compiled.spec.pipelineInfo.name,
    labels: request.labels ?? {},
    parameters: request.parameters,
    parameterTypes: Object.fromEntries(
      Object.entries(definitions).map(([name, definition]) => [name, definition.parameterType]),
    ),
    caching,
    concurrency,
    spec: digestOfJson(compiled),
    runner: ports.runner.name,
    ...(request.displayName !== undefined && { displayName: request.displayName }),
    ...(request.only !== undefined && { only: request.only }),
    ...(request.from !== undefined && { from: request.from }),
  };
}

/** Tells whether a run was made and no more: whoever was to start it died, and it may be started again. */
async function hasNotBegun(
  runId: string,
  compiled: CompiledPipeline,
  { runs }: EnginePorts,
): Promise<boolean> {
  // The log lets only one of two begin it.
  for await (const _ of runs.log(runId).read(0)) return false;
  const made = await runs.spec(runId);
  return made !== undefined && digestOfJson(made) === digestOfJson(compiled);
}

function checkRunId(runId: string): void {
  if (isPathName(runId) && runId.length <= 63) return;
  throw new UserError('FER4004', {
    problem: `${JSON.stringify(runId)} cannot be the id of a run`,
    fix: 'use lower-case letters, digits and "-", at most 63',
  });
}

/** Puts the code that the run needs under its root, so that a resume needs nothing else. */
async function keepBundles(compiled: CompiledPipeline, ports: EnginePorts): Promise<void> {
  const digests = new Set(
    Object.values(compiled.spec.deploymentSpec.executors ?? {}).flatMap(({ container }) => {
      const identity = container === undefined ? undefined : identityOf(container);
      return identity === undefined || identity.payload !== undefined ? [] : [identity.code];
    }),
  );
  for (const digest of digests) await ports.bundles.folderOf(digest);
}
