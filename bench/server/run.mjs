// 100 clients make 2,000 runs of a pipeline that does nothing, while others list pages of them; then all must have ended.
// --database URL takes another database, --runs and --clients other numbers, --profile FOLDER keeps where the server's time went.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { parse } from 'yaml';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    clients: { type: 'string', default: '100' },
    listers: { type: 'string', default: '5' },
    database: { type: 'string' },
    'max-runs': { type: 'string', default: '4' },
    inline: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const runs = Number(values.runs);
const command = join(import.meta.dirname, '..', '..', 'bin', 'ferrule.mjs');
const folder = mkdtempSync(join(tmpdir(), 'ferrule-bench-server-'));
const env = { ...process.env, FERRULE_NO_BUILD: '1' };
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
writeFileSync(
  join(folder, 'nothing.ts'),
  `import { component, pipeline } from 'ferrule';
export const nothing = component({}, ({ name }: { name: string }): string => name);
export default pipeline('nothing', { name: '' }, ({ name }) => ({ said: nothing({ name }).outputs.Output }));
`,
);
const compiled = spawnSync(process.execPath, [command, 'compile', 'nothing.ts', '-o', 'nothing.yaml'], {
  cwd: folder,
  env,
});
if (compiled.status !== 0) throw new Error(String(compiled.stderr));
const spec = parse(readFileSync(join(folder, 'nothing.yaml'), 'utf8'));

const database = values.database === undefined ? [] : ['--database', values.database];
const server = spawn(
  process.execPath,
  [
    ...(values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]),
    command,
    'server',
    '--port',
    '0',
    '--max-runs',
    values['max-runs'],
    ...database,
  ],
  { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] },
);
const url = await new Promise((done) => {
  server.stdout.setEncoding('utf8').once('data', (text) => done(text.trim()));
});

async function call(method, path, body) {
  const from = performance.now();
  const answer = await fetch(`${url}/apis/v2beta1${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
  return { milliseconds: performance.now() - from, body: JSON.parse(text) };
}

const { body: pipeline } = await call('POST', '/pipelines/create', {
  pipeline: { display_name: 'nothing' },
  pipeline_version: { pipeline_spec: spec },
});
const what = values.inline
  ? { pipeline_spec: spec }
  : { pipeline_version_reference: { pipeline_id: pipeline.pipeline_id } };
// Workers are started by the first run.
const { body: first } = await call('POST', '/runs', { display_name: 'first', ...what });
while ((await call('GET', `/runs/${first.run_id}`)).body.state !== 'SUCCEEDED') await wait(50);

const accepted = new Set();
const creating = [];
let left = runs;
const started = performance.now();

const client = async () => {
  while (left > 0) {
    left -= 1;
    const { milliseconds, body } = await call('POST', '/runs', { display_name: `run ${left}`, ...what });
    accepted.add(body.run_id);
    creating.push(milliseconds);
  }
};
const lister = new Worker(join(import.meta.dirname, 'lister.mjs'), {
  workerData: { url, listers: Number(values.listers) },
});
const listed = once(lister, 'message');
await Promise.all(Array.from({ length: Number(values.clients) }, client));
const madeIn = (performance.now() - started) / 1000;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is a thread, not a window
lister.postMessage('made');
const [listing] = await listed;

const filter = encodeURIComponent(
  JSON.stringify({
    predicates: [{ operation: 'IN', key: 'state', string_values: { values: ['PENDING', 'RUNNING'] } }],
  }),
);
const afterwards = [];
for (;;) {
  const { body, milliseconds } = await call('GET', `/runs?page_size=20&filter=${filter}`);
  afterwards.push(milliseconds);
  if (body.total_size === 0) break;
  await wait(50);
}
const endedIn = (performance.now() - started) / 1000;
const states = {};
for (let token = ''; ;) {
  const { body } = await call('GET', `/runs?page_size=200${token && `&page_token=${token}`}`);
  for (const { run_id: id, state } of body.runs) {
    if (accepted.delete(id)) states[state] = (states[state] ?? 0) + 1;
  }
  token = body.next_page_token ?? '';
  if (token === '') break;
}

function figures(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] * 10) / 10;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
const metrics = await (await fetch(`${url}/metrics`)).text();
const gauge = (name) => Number(new RegExp(`^ferrule_${name} ([\\d.e-]+)`, 'm').exec(metrics)?.[1] ?? 0);
console.log(
  JSON.stringify(
    {
      runs,
      lost: accepted.size,
      states,
      secondsToAccept: Math.round(madeIn * 10) / 10,
      secondsToEnd: Math.round(endedIn * 10) / 10,
      create: figures(creating),
      listWhileCreating: figures(listing.filter((one) => one.creates).map((one) => one.milliseconds)),
      listWhileRunning: figures([
        ...listing.filter((one) => !one.creates).map((one) => one.milliseconds),
        ...afterwards,
      ]),
      serverMegabytes: Math.round(gauge('process_resident_memory_bytes') / 2 ** 20),
      eventLoopDelayP99: Math.round(1000 * gauge('event_loop_delay_p99_seconds')),
      eventLoopDelayMax: Math.round(1000 * gauge('event_loop_delay_max_seconds')),
    },
    undefined,
    1,
  ),
);
server.kill('SIGTERM');
await new Promise((done) => server.once('exit', done));
rmSync(folder, { recursive: true, force: true });
