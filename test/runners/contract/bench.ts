/** What the tests of the runner contract work with. */
import { it } from 'vitest';
import type { Attempt, Failure, Outcome, Runner } from '../../../engine/ports.ts';
import { keptLog, type AttemptDraft, type KeptLog } from '../attempts.ts';
import { bundleFolder, type BundleFolder } from '../components.ts';

/** Where the attempts of one runner run: what a test needs besides the runner itself. */
export interface Ground {
  readonly runner: Runner;
  /** Makes an attempt: its places, its inputs where it finds them, and a container that the runner can run. */
  attempt(draft: AttemptDraft): Promise<Attempt>;
  /** Starts one and waits; what an attempt sealed by itself is read back and given as its output or failure. */
  start(attempt: Attempt, log: KeptLog): Promise<Outcome>;
  /** Reads a file of an output artifact, or of one that is a folder; undefined where nothing was kept. */
  read(attempt: Attempt, output: string, file?: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Promises that not every runner can make. */
export type Exception =
  /** Standard output and standard error arrive in the order in which they were printed. */
  | 'order of outputs'
  /** The runner itself unpacks the code that a spec carries, and so can refuse it. */
  | 'unpacking of code'
  /** An attempt fails at its timeout, also where its body returns before it is ended by force. */
  | 'a return after the timeout';

/** The promises that a runner does not make, and why. */
export type Exceptions = Readonly<Partial<Record<Exception, string>>>;

/** Declares a test of a promise, where the runner makes it: of another there is nothing to test. */
export function promised(
  except: Exceptions,
  exception: Exception,
): (name: string, test: () => Promise<void>) => void {
  return (name, test) => {
    // oxlint-disable-next-line vitest/expect-expect, vitest/no-conditional-tests, vitest/valid-title -- whoever calls this writes the test
    if (except[exception] === undefined) it(name, test);
  };
}

/** Makes the ground; `env` stands for the environment of the command line. */
export type OpenGround = (
  bundles: BundleFolder,
  env: Readonly<Record<string, string | undefined>>,
) => Promise<Ground>;

export type Draft = Omit<AttemptDraft, 'code'>;

export interface Ran {
  readonly outcome: Outcome;
  readonly lines: readonly string[];
  /** Reads a file of an output artifact; undefined where nothing was kept. */
  readonly read: (output: string, file?: string) => Promise<string | undefined>;
}

export interface Bench {
  readonly ground: Ground;
  readonly bundles: BundleFolder;
  /** Runs a component of the given body, and of code above it. */
  run(body: string, draft?: Draft, top?: string, assets?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Runs one that must fail. */
  failureOf(body: string, draft?: Draft, top?: string): Promise<Failure>;
}

/** The value of the secret TOKEN, hard to write in JSON. */
export const secret = 'correct-horse-"battery"-staple';

export async function openBench(open: OpenGround): Promise<Bench> {
  const bundles = await bundleFolder();
  const ground = await open(bundles, {
    ...process.env,
    UNDECLARED: 'leaks',
    TZ: 'Asia/Tokyo',
    TOKEN: secret,
  });
  const run: Bench['run'] = async (body, draft = {}, top = '', assets = {}) => {
    const attempt = await ground.attempt({ code: await bundles.add(body, top, assets), ...draft });
    const log = keptLog();
    const outcome = await ground.start(attempt, log);
    return { outcome, lines: log.lines, read: (output, file) => ground.read(attempt, output, file) };
  };
  return {
    ground,
    bundles,
    run,
    async failureOf(body, draft, top) {
      const { outcome } = await run(body, draft, top);
      if (outcome.kind === 'failed') return outcome.failure;
      throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
    },
  };
}
