/** Where the cases of the matrix run: one project, one bucket of each store, one namespace; and the command line. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { V1Container, V1Pod, V1PodSpec } from '@kubernetes/client-node';
import { compilePipeline } from '../../../compiler/index.ts';
import type { JsonValue } from '../../../spec/index.ts';
import { writePipelineYaml } from '../../../spec/yaml.ts';
import { kfpPython, s3Keys, s3Server } from '../../counterparts.ts';
import { jobsOfRun } from '../watched-pods.ts';
import { clusterApis } from '../../runners/kubernetes/cluster.ts';
import { pushLauncher } from '../../runners/kubernetes/images.ts';
import { openClusterProject } from '../cluster-project.ts';
import { compilePython } from '../compile-python.ts';
import { layOut, makeVolumes } from './cargo.ts';
import type { MatrixCase, RunnerName } from './case.ts';

/** The names that the cases have for images, and what the test has for them. */
const images: Readonly<Record<string, string>> = {
  'node:22-slim': process.env['FERRULE_TEST_NODE_IMAGE'] ?? '',
  'matrix/python': process.env['FERRULE_TEST_PYTHON_IMAGE'] ?? '',
  'matrix/shell': process.env['FERRULE_TEST_SHELL_IMAGE'] ?? '',
};

/** A run as the command line's JSON has it, and what its log adds. */
export interface MatrixRun {
  readonly kind: 'ran';
  readonly runId: string;
  /** How many attempts were started. */
  readonly attempts: number;
  readonly status: string;
  readonly outputs: Readonly<Record<string, JsonValue>>;
  readonly tasks: readonly {
    readonly name: string;
    readonly status: string;
    readonly cache: string;
    readonly reason?: string;
    readonly outputs: Readonly<Record<string, JsonValue>>;
    readonly error?: { readonly code: string; readonly problem: string };
  }[];
}

type RunJson =
  | Omit<MatrixRun, 'kind' | 'attempts'>
  | { readonly runId: null; readonly errors: readonly { readonly code: string; readonly problem: string }[] };

/** A run that did not begin. */
interface Refused {
  readonly kind: 'refused';
  readonly said: string;
}

/** What a case may say of a task's pod. */
export interface SeenPod {
  readonly task: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: V1PodSpec;
  /** The container of the task itself. */
  readonly component: V1Container | undefined;
  readonly made: Date | undefined;
  /** When the task's own container ended. */
  readonly ended: Date | undefined;
}

export interface Harbour {
  /** Runs a case to its end, also where that is a failure. @param prefix of its root. @default by runner and language */
  run(one: MatrixCase, runner: RunnerName, prefix?: string): Promise<MatrixRun | Refused>;
  /** Counts the Jobs that a run has had. */
  jobs(runId: string): Promise<number>;
  /** Counts the volume claims that a run has left. */
  claims(runId: string): Promise<number>;
  /** Looks at the pod of each task of a run, in the order in which they were made. */
  pods(runId: string): Promise<readonly SeenPod[]>;
  close(): Promise<void>;
}

/** Makes the project and compiles all cases, each once: every runner gets the same documents. */
export async function openHarbour(cases: readonly MatrixCase[]): Promise<Harbour> {
  const launcher = await pushLauncher();
  const project = await openClusterProject('matrix', '', {
    FERRULE_IMAGE: launcher,
    FERRULE_PYTHON: kfpPython,
    AWS_ENDPOINT_URL_S3: s3Server,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: s3Keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3Keys.secretAccessKey,
  });
  const { folder } = project.project;
  const apis = await clusterApis();
  const bucket = project.namespace.name;
  const namespace = bucket;
  const of = (runId: string) => ({ labelSelector: `ferrule.dev/run=${runId}` });
  await Promise.all([compileCases(cases, folder), layOut(folder, bucket, apis)]);
  const wanted = cases.filter(({ name }) => name === 'workspace');
  const volumes = await makeVolumes(apis, bucket, wanted.length);
  return {
    async run(one, runner, prefix = `${runner}-${one.language}`) {
      const parameters = Object.entries(one.parameters).flatMap(([name, value]) => [
        '-p',
        `${name}=${textOf(value, { bucket, folder, image: imageOf(one) })}`,
      ]);
      const root = `gs://${bucket}/${prefix}`;
      const args = ['run', documentOf(one, folder), '--runner', runner, '--root', root, '--json'];
      // The machine is small: what waits for pods of other cases takes no place from them.
      const more = runner === 'kubernetes' ? ['--concurrency', '2'] : [];
      const { stdout, stderr } = await project.project.call(...args, ...parameters, ...more);
      if (stdout === '') throw new Error(`${one.name} on ${runner}: ${stderr}`);
      const run = JSON.parse(stdout) as RunJson;
      if (run.runId === null)
        return {
          kind: 'refused',
          said: run.errors.map(({ code, problem }) => `${code}  ${problem}`).join('\n'),
        };
      const log = (await project.rootAt(prefix)).runs.log(run.runId);
      let attempts = 0;
      for await (const { events } of log.read(0))
        attempts += events.filter(({ kind }) => kind === 'attempt-started').length;
      return { kind: 'ran', ...run, attempts };
    },
    jobs: async (runId) => (await jobsOfRun(apis, bucket, runId)).length,
    async claims(runId) {
      const list = await apis.core.listNamespacedPersistentVolumeClaim({ namespace, ...of(runId) });
      return list.items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined).length;
    },
    async pods(runId) {
      const { items } = await apis.core.listNamespacedPod({ namespace, ...of(runId) });
      return items.map(seenPod).sort((a, b) => Number(a.made) - Number(b.made));
    },
    async close() {
      await project.close();
      await volumes.remove();
    },
  };
}

function seenPod({ metadata = {}, spec, status = {} }: V1Pod): SeenPod {
  const { initContainers = [], containers = [] } = spec ?? {};
  const states = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const isComponent = ({ name }: { readonly name: string }): boolean => name === 'component';
  return {
    task: metadata.annotations?.['ferrule.dev/task'] ?? '',
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    spec: spec ?? { containers: [] },
    component: [...initContainers, ...containers].find(isComponent),
    made: metadata.creationTimestamp,
    ended: states.find(isComponent)?.state?.terminated?.finishedAt,
  };
}

function documentOf({ name, language }: MatrixCase, folder: string): string {
  return join(folder, `${name}.${language}.yaml`);
}

/** Writes a parameter's value for the command line; names in braces stand for what this run of the test has. */
function textOf(value: JsonValue, names: Readonly<Record<string, string>>): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole);
}

/** The image that the components of a case run in. */
function imageOf({ language }: MatrixCase): string {
  return images[language === 'python' ? 'matrix/python' : 'node:22-slim'] ?? '';
}

async function compileCases(cases: readonly MatrixCase[], folder: string): Promise<void> {
  const python = cases.filter(({ language }) => language === 'python');
  await compilePython(Object.fromEntries(python.map((one) => [one.file, documentOf(one, folder)])));
  const cacheFolder = join(folder, '.ferrule', 'compiled');
  await mkdir(cacheFolder, { recursive: true });
  const projectRoot = resolve(import.meta.dirname, '..', '..', '..');
  for (const one of cases) {
    const document = documentOf(one, folder);
    if (one.language === 'typescript') {
      const { compiled } = await compilePipeline({ file: one.file, projectRoot, cacheFolder, env: {} });
      await writeFile(document, writePipelineYaml(compiled));
    }
    await writeFile(document, withImages(await readFile(document, 'utf8')));
  }
}

/** Gives the images of a document the names that they have in the registry of the test. */
function withImages(document: string): string {
  return document.replaceAll(
    /(\n +image: )(["']?)(\S+)\2(?=\n)/g,
    (whole, key: string, _quote: string, name: string) => {
      const image = images[name];
      return image === undefined ? whole : key + image;
    },
  );
}
