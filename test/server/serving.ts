/** A server over a project of its own, started as a person would start it. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeProject, startIn, type Project, type Started } from '../cli/project.ts';

/**
 * Three tasks in a row: the second waits for as long as a file called `wait` is in the folder, and the third fails for as
 * long as there is one called `fail`. Each notes that it ran.
 */
const three = `
import { component, pipeline, TaskError } from 'ferrule';
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const first = component({}, ({ folder }: { folder: string }): string => {
  if (folder !== '') appendFileSync(folder + '/ran', 'first\\n');
  console.log('hello from the first');
  return folder;
});
export const second = component({}, async ({ folder }: { folder: string; salt: string }): Promise<string> => {
  if (folder !== '') appendFileSync(folder + '/ran', 'second\\n');
  while (existsSync(folder + '/wait')) await sleep(20);
  return folder;
});
export const third = component({}, ({ folder }: { folder: string }): string => {
  if (folder !== '') appendFileSync(folder + '/ran', 'third\\n');
  if (existsSync(folder + '/fail')) throw new TaskError('it was told to fail', { fix: 'remove the file' });
  return 'done';
});
export default pipeline('three', { folder: '', salt: '' }, ({ folder, salt }) => {
  const a = first({ folder: \`\${folder}\` });
  const b = second({ folder: a.outputs.Output, salt });
  return { said: third({ folder: b.outputs.Output }).outputs.Output };
});
`;

/** Two tasks: one writes a file and a folder, the other reads the file. */
const data = `
import { component, pipeline, type Dataset, type Int, type Metrics } from 'ferrule';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

export const make = component({}, ({ text }: { text: string }, out: { words: Dataset; pages: Dataset }) => {
  writeFileSync(out.words.path, text);
  mkdirSync(out.pages.path);
  writeFileSync(out.pages.path + '/one.txt', text);
});
export const measure = component({}, ({ words }: { words: Dataset }, out: { metrics: Metrics }): { size: Int } => {
  const size = readFileSync(words.path, 'utf8').length;
  out.metrics.log('size', size);
  return { size };
});
export default pipeline('data', { text: 'hello' }, ({ text }) => {
  const made = make({ text });
  return { size: measure({ words: made.outputs.words }).outputs.size };
});
`;

/** Makes a project with `three.yaml` and `data.yaml`, compiled. */
export async function makeServedProject(): Promise<Project> {
  const project = makeProject({ 'three.ts': three, 'data.ts': data });
  for (const name of ['three', 'data']) {
    const compiled = await project.ferrule('compile', `${name}.ts`, '-o', `${name}.yaml`);
    if (compiled.status !== 0) throw new Error(compiled.stderr);
  }
  return project;
}

export interface Serving {
  readonly url: string;
  readonly started: Started;
  /** Asks for JSON. */
  readonly call: (method: string, path: string, body?: unknown, token?: string) => Promise<Answer>;
  /** Ends it as an operator does; gives its log. */
  stop(): Promise<string>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into what they expect
  readonly body: any;
}

/** Starts a server, and waits until it answers. */
export async function serve(
  { folder }: Pick<Project, 'folder'>,
  args: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  const port = args.includes('--port') ? [] : ['--port', '0'];
  const started = startIn(folder, ['server', ...port, '--check-answers', ...args], more);
  const lines: string[] = [];
  started.child.stdout?.on('data', (text: string) => lines.push(text));
  await started.said('"kind":"listening"');
  while (!lines.join('').includes('\n')) await wait(5);
  const url = lines.join('').trim();
  return {
    url,
    started,
    async call(method, path, body, token) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: parsed(text) };
    },
    async stop() {
      started.child.kill('SIGTERM');
      const { status, stderr } = await started.ended;
      if (status !== 0) throw new Error(`the server ended with ${status}: ${stderr}`);
      return stderr;
    },
    async kill() {
      const { child } = started;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Waits until a run has its end. */
export async function endOf(serving: Serving, runId: string, seconds = 50): Promise<Answer['body']> {
  return untilRun(
    serving,
    runId,
    ({ state }) => ['SUCCEEDED', 'FAILED', 'CANCELED'].includes(state),
    seconds,
  );
}

/** Waits until a run is as it should be. */
export async function untilRun(
  { call, started }: Serving,
  runId: string,
  test: (run: Answer['body']) => boolean,
  seconds = 50,
): Promise<Answer['body']> {
  for (const from = Date.now(); Date.now() - from < 1000 * seconds;) {
    const { body } = await call('GET', `/apis/v2beta1/runs/${runId}`);
    if (test(body)) return body;
    if (started.child.exitCode !== null) throw new Error('the server is gone');
    await wait(100);
  }
  const { body } = await call('GET', `/apis/v2beta1/runs/${runId}`);
  const { state, state_history: history, run_details: details } = body;
  throw new Error(`the run ${runId} is not as it should be: ${JSON.stringify({ state, history, details })}`);
}

export function removeFile(folder: string, name: string): void {
  rmSync(join(folder, name), { force: true });
}
