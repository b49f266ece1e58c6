/** The programs that Ferrule is held against in tests. Where one is absent its tests are skipped, but never in CI. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { noSmallDisk } from './stores/small-disk.ts';

interface Counterpart {
  /** What its tests are about: begins the line that says they are skipped. */
  readonly tests: string;
  /** What to do to have them run. */
  readonly wanted: string;
  /** How to call it; undefined where it is absent. */
  readonly program: string | undefined;
}

/** A program named by an environment variable. */
function named(variable: string): string | undefined {
  const path = process.env[variable];
  return path !== undefined && existsSync(path) ? path : undefined;
}

/** The Python that has KFP's SDK. */
export const kfpPython = named('FERRULE_KFP_PYTHON');
/** The Python that has the SDK of Vertex AI. */
export const vertexPython = named('FERRULE_VERTEX_PYTHON');
/** The Python that has onnx, onnxruntime, numpy and scikit-learn. */
export const oraclePython = named('FERRULE_ORACLE_PYTHON');
/** A server that speaks Google Cloud Storage. */
export const fakeGcs = named('FERRULE_FAKE_GCS');
/** A server that speaks S3, over a folder. */
export const versitygw = named('FERRULE_VERSITYGW');
/** util-linux's `script`, which gives a program a terminal; that of other systems takes other options. */
export const script = spawnSync('script', ['--version']).status === 0 ? 'script' : undefined;

/** Where PostgreSQL's programs are: Debian keeps them out of the way. */
export const postgresFolder = ['/usr/lib/postgresql', '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin']
  .flatMap((folder) =>
    folder.endsWith('postgresql') && existsSync(folder)
      ? readdirSync(folder).map((version) => `${folder}/${version}/bin`)
      : [folder],
  )
  .find((folder) => existsSync(`${folder}/initdb`) && existsSync(`${folder}/psql`));

/** Says whether something listens at an address: `unix:///path`, or a host and a port in any URL. */
function listens(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const url = new URL(address);
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    const socket =
      url.protocol === 'unix:' ? connect(url.pathname) : connect({ host: url.hostname, port, timeout: 2000 });
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', () => end(false));
  });
}

/** Where the answers of the first asking are kept, for the processes that it starts. */
const answersVariable = 'FERRULE_TEST_ANSWERS';

/**
 * Gives a server's address where something listens there. Each is asked once, before the tests: a test that stops a server,
 * or a machine that is busy, must not make the next file skip its tests unseen.
 */
async function listening(address: string | undefined, at = address): Promise<string | undefined> {
  if (at === undefined || !URL.canParse(at)) return undefined;
  const answers = JSON.parse(process.env[answersVariable] ?? '{}') as Record<string, boolean>;
  const answer = answers[at] ?? (await listens(at));
  process.env[answersVariable] = JSON.stringify({ ...answers, [at]: answer });
  return answer ? address : undefined;
}

/** The address of a cluster's API server. Absent where the file is no kubeconfig. */
function apiServerOf(kubeconfig: string | undefined): string | undefined {
  if (kubeconfig === undefined || !existsSync(kubeconfig)) return undefined;
  return /\bserver"?:\s*"?(https?:\/\/[^\s",]+)/.exec(readFileSync(kubeconfig, 'utf8'))?.[1];
}

const { DOCKER_HOST, FERRULE_TEST_REGISTRY, FERRULE_TEST_KUBECONFIG } = process.env;
/** A Docker engine, as an address: `unix:///var/run/docker.sock`. */
export const dockerEngine = await listening(DOCKER_HOST ?? 'unix:///var/run/docker.sock');
/** An image registry without TLS, `host:port`, under one name for this machine, the Docker engine and pods. */
export const registry = await listening(FERRULE_TEST_REGISTRY, `http://${FERRULE_TEST_REGISTRY ?? ''}`);
/** A registry's program, to start one that asks for a password. */
export const registryProgram = existsSync('/usr/bin/docker-registry')
  ? '/usr/bin/docker-registry'
  : undefined;
/** The kubeconfig of a cluster to run in. */
export const kubeconfig = await listening(FERRULE_TEST_KUBECONFIG, apiServerOf(FERRULE_TEST_KUBECONFIG));
/** A GCS server under one URL for this machine, containers and pods. */
export const gcsServer = await listening(process.env['FERRULE_FAKE_GCS_URL']);
/** An S3 server under one URL for this machine, containers and pods. */
export const s3Server = await listening(process.env['FERRULE_TEST_S3_URL']);
/** The keys of that S3 server. */
export const s3Keys = {
  accessKeyId: process.env['FERRULE_TEST_S3_ACCESS_KEY'] ?? '',
  secretAccessKey: process.env['FERRULE_TEST_S3_SECRET_KEY'] ?? '',
} as const;

const harness = '`npm run cluster up` (Linux, as root) starts one';

const counterparts: readonly Counterpart[] = [
  {
    tests: 'twins in Python, and PyYAML',
    wanted: 'FERRULE_KFP_PYTHON names a Python with kfp==2.17.0 and kfp-kubernetes==2.17.0',
    program: kfpPython,
  },
  {
    tests: "requests of Vertex AI's own SDK",
    wanted: 'FERRULE_VERTEX_PYTHON names a Python with google-cloud-aiplatform[pipelines]==2.7.0',
    program: vertexPython,
  },
  {
    tests: "onnx.checker, and scikit-learn's figures",
    wanted: 'FERRULE_ORACLE_PYTHON names a Python with onnx, onnxruntime, numpy and scikit-learn',
    program: oraclePython,
  },
  { tests: 'PostgreSQL', wanted: 'its server and psql are installed', program: postgresFolder },
  { tests: 'buckets', wanted: 'FERRULE_FAKE_GCS names the program fake-gcs-server', program: fakeGcs },
  { tests: 'buckets of S3', wanted: 'FERRULE_VERSITYGW names the program versitygw', program: versitygw },
  {
    tests: 'a Docker engine',
    wanted: `DOCKER_HOST or /var/run/docker.sock answers; ${harness}`,
    program: dockerEngine,
  },
  {
    tests: 'an image registry',
    wanted: `FERRULE_TEST_REGISTRY is the host:port of one that answers; ${harness}`,
    program: registry,
  },
  {
    tests: 'a registry with a password',
    wanted: "Debian's docker-registry is installed",
    program: registryProgram,
  },
  {
    tests: 'a Kubernetes cluster',
    wanted: `FERRULE_TEST_KUBECONFIG names the kubeconfig of one that answers; ${harness}`,
    program: kubeconfig,
  },
  {
    tests: 'a GCS server that containers and pods reach',
    wanted: `FERRULE_FAKE_GCS_URL is the URL of one that answers; ${harness}`,
    program: gcsServer,
  },
  {
    tests: 'an S3 server',
    wanted: `FERRULE_TEST_S3_URL, with FERRULE_TEST_S3_ACCESS_KEY and FERRULE_TEST_S3_SECRET_KEY, is the URL of one that answers; ${harness}`,
    program: s3Server,
  },
  { tests: 'a full disk', wanted: 'the system is Linux', program: noSmallDisk ? undefined : 'linux' },
  { tests: 'the live view', wanted: "util-linux's `script` is installed", program: script },
];

/**
 * Says in one line each what is skipped here, and what would have it run.
 * @throws Error in CI, where nothing may be skipped
 */
export function sayWhatIsSkipped(): void {
  const lines = counterparts
    .filter(({ program }) => program === undefined)
    .map(({ tests, wanted }) => `skipped: ${tests}; they run where ${wanted}`);
  if (lines.length > 0 && process.env['CI'] === 'true') throw new Error(lines.join('\n'));
  for (const line of lines) console.log(line);
}
