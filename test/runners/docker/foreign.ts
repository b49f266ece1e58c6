/** Attempts of containers that are not ours, and the runner that they are tried on. */
import { expect } from 'vitest';
import type { Attempt, Failure, Outcome } from '../../../engine/ports.ts';
import { dockerRunner } from '../../../runners/docker/index.ts';
import type { ContainerSpec } from '../../../spec/index.ts';
import { attemptOf, keptLog, type AttemptDraft, type KeptLog } from '../attempts.ts';
import { docker, shellImage } from './images.ts';

export const noCode = `sha256:${'0'.repeat(64)}` as const;

/** Makes an attempt of somebody else's container. */
export async function foreign(
  container: Partial<ContainerSpec>,
  draft: Partial<AttemptDraft> = {},
  more: Partial<Attempt> = {},
): Promise<Attempt> {
  const { identity: _, ...attempt } = await attemptOf({ code: noCode, ...draft });
  return { ...attempt, container: { image: shellImage, ...container }, ...more };
}

/** A command of one script. */
export function sh(script: string): Pick<ContainerSpec, 'command'> {
  return { command: ['sh', '-c', script] };
}

export const runner = dockerRunner({ env: process.env, grace: 1000 });

/** Runs an attempt, and looks whether its container is gone afterwards. */
export async function run(attempt: Attempt, log: KeptLog = keptLog()): Promise<Outcome> {
  const outcome = await runner.start(attempt, log);
  await expect(docker().getContainer(attempt.name).inspect()).rejects.toMatchObject({ statusCode: 404 });
  return outcome;
}

/** Runs one that must fail. */
export async function failureOf(attempt: Attempt): Promise<Failure> {
  const outcome = await run(attempt);
  if (outcome.kind !== 'failed') throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
  return outcome.failure;
}
