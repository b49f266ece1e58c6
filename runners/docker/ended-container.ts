/** What a container that has ended stands for: outputs, or a failure in plain words. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt, Outcome } from '../../engine/ports.ts';
import { UserError } from '../../errors/index.ts';
import { collectOutputs } from '../../executor/collect-outputs.ts';
import { readFailureFile } from '../../executor/failure-file.ts';
import type { Failure as ComponentFailure } from '../../executor/failure.ts';
import { secretMask } from '../../executor/secret-mask.ts';
import { sourceStack } from '../../executor/source-stack.ts';
import { hexOf } from '../../spec/index.ts';
import { componentFailure, endFailure, runnerFailure, type ContainerEnd } from './attempt-failure.ts';
import { failureFileOf, type ContainerRequest } from './container-request.ts';

/** Reads the outcome of a container that ended by itself. */
export async function outcomeOf(
  attempt: Attempt,
  request: Pick<ContainerRequest, 'memory' | 'secrets'>,
  ended: Pick<ContainerEnd, 'exitCode' | 'ranOutOfMemory' | 'lastWords'>,
  sourceMaps: readonly string[],
): Promise<Outcome> {
  const isOurs = attempt.identity !== undefined;
  if (ended.exitCode === 0 && (!isOurs || existsSync(attempt.input.outputs.outputFile)))
    return collected(attempt, request.secrets);
  const told = isOurs ? readFailureFile(failureFileOf(attempt)) : undefined;
  const failure =
    told === undefined
      ? endFailure({ ...ended, memory: request.memory, isOurs })
      : componentFailure(await placed(told, attempt, sourceMaps), secretMask(request.secrets));
  return { kind: 'failed', failure };
}

/** Shows a failure's stack by the component's sources. */
async function placed(
  failure: ComponentFailure,
  { identity }: Attempt,
  sourceMaps: readonly string[],
): Promise<ComponentFailure> {
  if (failure.stack === undefined || identity === undefined) return failure;
  const files = sourceMaps.map((folder) => join(folder, `${hexOf(identity.code)}.map`));
  return { ...failure, stack: await sourceStack(failure.stack, files) };
}

async function collected(attempt: Attempt, secrets: readonly string[]): Promise<Outcome> {
  try {
    const output = await collectOutputs(attempt.component, attempt.input);
    const mask = secretMask(secrets);
    for (const [name, value] of Object.entries(output.parameterValues ?? {}))
      if (mask.isIn(value))
        throw new UserError('FER6006', {
          problem: `the output parameter "${name}" holds the value of a variable that is named in secretEnv: it was not kept`,
          fix: 'leave the secret out of what the component returns and writes',
        });
    return { kind: 'succeeded', output };
  } catch (thrown) {
    return { kind: 'failed', failure: runnerFailure(thrown) };
  }
}
