/** What the tests of the runner contract work with. */
import type { Failure, Outcome, Runner } from '../../../engine/ports.ts';
import { attemptOf, keptLog, type AttemptDraft } from '../attempts.ts';
import { bundleFolder, type BundleFolder } from '../components.ts';

/** Makes the runner under test; `env` stands for the environment of the command line. */
export type MakeRunner = (
  bundles: BundleFolder,
  env: Readonly<Record<string, string | undefined>>,
) => Promise<Runner>;

export type Draft = Omit<AttemptDraft, 'code'>;

export interface Ran {
  readonly outcome: Outcome;
  readonly lines: readonly string[];
  /** Where an output artifact lies. */
  readonly path: (output: string) => string;
}

export interface Bench {
  readonly runner: Runner;
  readonly bundles: BundleFolder;
  /** Runs a component of the given body, and of code above it. */
  run(body: string, draft?: Draft, top?: string, assets?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Runs one that must fail. */
  failureOf(body: string, draft?: Draft, top?: string): Promise<Failure>;
}

/** The value of the secret TOKEN, hard to write in JSON. */
export const secret = 'correct-horse-"battery"-staple';

export async function openBench(make: MakeRunner): Promise<Bench> {
  const bundles = await bundleFolder();
  const runner = await make(bundles, {
    ...process.env,
    UNDECLARED: 'leaks',
    TZ: 'Asia/Tokyo',
    TOKEN: secret,
  });
  const run: Bench['run'] = async (body, draft = {}, top = '', assets = {}) => {
    const attempt = await attemptOf({ code: await bundles.add(body, top, assets), ...draft });
    const log = keptLog();
    const outcome = await runner.start(attempt, log);
    const path = (output: string): string =>
      attempt.input.outputs.artifacts?.[output]?.artifacts[0]?.uri ?? '';
    return { outcome, lines: log.lines, path };
  };
  return {
    runner,
    bundles,
    run,
    async failureOf(body, draft, top) {
      const { outcome } = await run(body, draft, top);
      if (outcome.kind === 'failed') return outcome.failure;
      throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
    },
  };
}
