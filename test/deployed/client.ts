/** KFP's own client in Python, as somebody who uses a server that others set up. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kfpPython } from '../counterparts.ts';

/** How a server is reached. */
export interface Reached {
  readonly url: string;
  readonly token?: string;
  /** File of the authority that signed its certificate. */
  readonly ca?: string;
}

/** What became of a run that was waited for, and then deleted. */
export interface Finished {
  readonly state: string;
  readonly tasks: Readonly<Record<string, string>>;
  readonly listed: boolean;
  readonly log: string | null;
  readonly deleted: boolean;
}

interface Work {
  /** A compiled pipeline. */
  readonly package: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** Uploads a pipeline and starts a run of it. */
export async function startRun(reached: Reached, work: Work): Promise<string> {
  const { run } = (await call('start', reached, given(work))) as { readonly run: string };
  return run;
}

/** Waits for the end of a run, looks at the log of one of its tasks, lists, and deletes it. */
export async function finishRun(reached: Reached, run: string, task: string): Promise<Finished> {
  return (await call('finish', reached, ['--run', run, '--task', task])) as Finished;
}

/** Does both. */
export async function useServer(reached: Reached, work: Work & { readonly task: string }): Promise<Finished> {
  return (await call('all', reached, [...given(work), '--task', work.task])) as Finished;
}

function given({ package: file, parameters = {} }: Work): string[] {
  return ['--package', file, '--parameters', JSON.stringify(parameters)];
}

async function call(step: string, { url, token, ca }: Reached, more: readonly string[]): Promise<unknown> {
  const args = [
    join(import.meta.dirname, 'client.py'),
    step,
    url,
    ...(token === undefined ? [] : [`--token=${token}`]),
    ...(ca === undefined ? [] : ['--ca', ca]),
    ...more,
  ];
  const { stdout } = await promisify(execFile)(kfpPython ?? '', args);
  return JSON.parse(stdout) as unknown;
}
