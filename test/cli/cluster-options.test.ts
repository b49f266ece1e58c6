import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readClusterSettings } from '../../cli/cluster-config.ts';
import { refuseOpenElsewhere } from '../../cli/open-attempts.ts';
import { resolveSettings } from '../../cli/settings.ts';
import type { RunEvent } from '../../engine/events.ts';
import { gcsServer } from '../counterparts.ts';
import { makeProject, type Project } from './project.ts';

const pipeline = `
import { component, int, pipeline, type Int } from 'ferrule';
export const tick = component({}, async ({ n }: { readonly n: Int }): Promise<{ n: Int }> => {
  for (let i = 1; i <= n; i++) {
    console.log('tick ' + i);
    await new Promise((done) => setTimeout(done, 300));
  }
  if (n > 5) throw new Error('too many');
  return { n };
});
export default pipeline('ticks', { n: int(2) }, ({ n }) => ({ n: tick({ n }).outputs.n }));
`;

describe('the command line and clusters', () => {
  let project: Project;
  beforeEach(() => {
    project = makeProject({ 'pipeline.ts': pipeline });
  });
  afterEach(() => project.remove());

  it.each([
    [
      'a root that pods cannot reach',
      ['run', 'pipeline.ts', '--runner', 'kubernetes'],
      /^FER1006 .*\.ferrule\/root is a folder of this machine.*\n.*--root gs:\/\/.* or --root s3:\/\//,
    ],
    [
      'an option of a cluster without a cluster',
      ['run', 'pipeline.ts', '--queue', 'gpus'],
      /^FER1002 {2}--queue says something of a cluster, and the runner is local/,
    ],
    [
      'a run on this machine that is to be detached',
      ['run', 'pipeline.ts', '--detach'],
      /^FER1008 .*\n {2}fix: add --runner kubernetes/,
    ],
    [
      'a detached run without a runtime image',
      ['run', 'pipeline.ts', '--detach', '--runner', 'kubernetes', '--root', 'gs://nowhere/x'],
      /^FER1008 .*needs the runtime image.*\n.*ferrule build --runtime --push.*FERRULE_IMAGE/,
    ],
    [
      'settings that are not there',
      [
        'plan',
        'pipeline.ts',
        '--runner',
        'kubernetes',
        '--root',
        's3://x/y',
        '--cluster-config',
        'other.yaml',
      ],
      /^FER1001 {2}"other.yaml" cannot be read/,
    ],
    [
      'a runner that is none',
      ['run', 'pipeline.ts', '--runner', 'nomad'],
      /Allowed choices are local, docker, kubernetes/,
    ],
  ])('refuses %s', async (_, args, problem) => {
    const called = await project.ferrule(...args);
    expect(called.status).toBe(1);
    expect(called.stderr).toMatch(problem);
  });

  it('names every field of cluster.yaml that does not read', async () => {
    project.write('cluster.yaml', 'namespce: ml\nrunAsUser: root\n');
    const called = await project.ferrule('cluster', 'manifests');
    expect(called.stderr).toMatch(/^FER6055 .*cluster\.yaml does not read: .*runAsUser.*namespce/);
    project.write('cluster.yaml', 'namespace: [ml\n');
    expect((await project.ferrule('cluster', 'manifests')).stderr).toMatch(
      /^FER1001 .*cluster\.yaml is no YAML/,
    );
  });

  it('prints what a namespace needs, as cluster.yaml and the options name it', async () => {
    project.write('cluster.yaml', 'namespace: vision\nserviceAccount: trainer\n');
    const annotation = 'eks.amazonaws.com/role-arn=arn:aws:iam::1:role/r';
    const { stdout } = await project.ferrule(
      'cluster',
      'manifests',
      '--namespace',
      'ml',
      '--annotation',
      annotation,
    );
    const objects = parseAllDocuments(stdout).map(
      (document) =>
        document.toJS() as { readonly kind: string; readonly metadata: { readonly name: string } },
    );
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Namespace ml',
      'ServiceAccount ferrule-driver',
      'ServiceAccount trainer',
      'Role ferrule-driver',
      'RoleBinding ferrule-driver',
      'Role ferrule-schedules',
    ]);
    expect(objects[2]).toMatchObject({
      metadata: { namespace: 'ml', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/r' } },
    });
  });

  it('names the runtime image by the digest that it was last pushed with from the project', async () => {
    const image = 'registry.example.org:5000/ferrule/ferrule:1';
    const digest = `sha256:${'1'.repeat(64)}`;
    const records = { version: 1, images: { [image]: { components: {}, digest } } };
    project.write('.ferrule/cache/images.json', JSON.stringify(records));
    const settings = { ...resolveSettings(project.folder, undefined), env: { FERRULE_IMAGE: image } };
    const { runtimeImage } = await readClusterSettings({}, settings);
    expect(runtimeImage).toBe(`registry.example.org:5000/ferrule/ferrule@${digest}`);
    project.write('cluster.yaml', 'runtimeImage: other/ferrule:2\n');
    expect((await readClusterSettings({}, settings)).runtimeImage).toBe('other/ferrule:2');
  });

  it('takes the root from FERRULE_ROOT of .env, seen from the project', async () => {
    project.write('.env', 'FERRULE_ROOT=elsewhere\n');
    expect((await project.ferrule('run', 'pipeline.ts', '-p', 'n=0')).status).toBe(0);
    expect(readdirSync(join(project.folder, 'elsewhere', 'runs'))).toHaveLength(1);
  });

  it('follows a run from another terminal, and ends with its status', async () => {
    const running = project.start('run', 'pipeline.ts', '-p', 'n=6');
    await running.said('tick 1');
    const followed = await project.ferrule('logs', 'latest', 'tick', '--follow');
    expect(followed.stdout).toMatch(/^tick 1\ntick 2\ntick 3\ntick 4\ntick 5\ntick 6\n$/);
    expect(followed.status).toBe(1);
    expect((await running.ended).status).toBe(1);
    const again = await project.ferrule('logs', 'latest', '--follow');
    expect(again.stdout).toMatch(/^tick \| tick 1\n/);
  });

  it('ends to follow a run that nobody drives any more, and says how to go on', async () => {
    const running = project.start('run', 'pipeline.ts', '-p', 'n=5');
    await running.said('tick 1');
    running.child.kill('SIGKILL');
    await running.ended;
    const followed = await project.ferrule('logs', 'latest', '--follow');
    expect(followed.status).toBe(1);
    expect(followed.stderr).toMatch(/nobody drives the run any more; go on with it: ferrule resume \d{8}-/);
  });

  it('resumes on the kind of runner that the run was driven with', async () => {
    await project.ferrule('run', 'pipeline.ts', '-p', 'n=6');
    const runs = join(project.folder, '.ferrule/root/runs');
    const log = join(runs, readdirSync(runs)[0] ?? '', 'log/00000000.json');
    const entry = readFileSync(log, 'utf8');
    expect(entry).toContain('"runner":"local"');
    writeFileSync(log, entry.replace('"runner":"local"', '"runner":"kubernetes"'));
    expect((await project.ferrule('resume')).stderr).toMatch(/^FER1006/);
    expect((await project.ferrule('resume', '--runner', 'local')).stderr).not.toContain('FER1006');
  });

  it.skipIf(gcsServer === undefined)('plans for a cluster without one', async () => {
    const bucket = `plan-${process.pid}-${Date.now()}`;
    await fetch(`${gcsServer}/storage/v1/b?project=p`, {
      method: 'POST',
      body: JSON.stringify({ name: bucket }),
    });
    project.write(
      '.env',
      `FERRULE_GCS_ENDPOINT=${gcsServer}\nKUBECONFIG=/nowhere\nFERRULE_IMAGE=registry/ferrule\n`,
    );
    const planned = await project.ferrule(
      'plan',
      'pipeline.ts',
      '--runner',
      'kubernetes',
      '--root',
      `gs://${bucket}`,
    );
    expect(planned).toMatchObject({ status: 0, stderr: '' });
    expect(planned.stdout).toContain('1 to run');
  });
});

describe('attempts that outlived their driver', () => {
  const started = (task: string, runner: string): RunEvent => ({
    kind: 'attempt-started',
    at: '2026-01-01T00:00:00Z',
    task,
    attempt: 1,
    name: task,
    runner,
  });
  const ended = (task: string): RunEvent => ({
    kind: 'attempt-ended',
    at: '2026-01-01T00:00:00Z',
    task,
    attempt: 1,
    outcome: 'succeeded',
  });

  it('keep a run on their runner as long as they may go on', () => {
    const events = [
      started('a', 'kubernetes'),
      started('b', 'kubernetes'),
      started('c', 'docker'),
      ended('a'),
    ];
    expect(() => refuseOpenElsewhere(events, 'docker', 'r1')).toThrow(
      'b of r1 was started on kubernetes and may still run there; the runner docker cannot find it',
    );
    expect(() => refuseOpenElsewhere(events, 'local', 'r1')).toThrow('b (and 1 more) of r1');
  });

  it('are none where they ran on this machine, or have ended', () => {
    const events = [started('a', 'local'), started('b', 'docker'), ended('b')];
    expect(() => refuseOpenElsewhere(events, 'kubernetes', 'r1')).not.toThrow();
  });
});
