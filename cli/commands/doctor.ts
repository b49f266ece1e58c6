import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { messageOf } from '../../errors/index.ts';
import { readClusterSettings } from '../cluster-config.ts';
import { printJson } from '../print-json.ts';
import { paintFor } from '../color.ts';
import { resolveSettings, type Settings } from '../settings.ts';
import { formatTable } from '../table.ts';
import { formatBytes } from '../units.ts';
import { version } from '../version.ts';

/** `missing` is a fault; `absent` is something that only part of the work needs. */
type Finding =
  | { readonly kind: 'ok'; readonly text: string }
  | { readonly kind: 'absent'; readonly text: string }
  | { readonly kind: 'missing'; readonly text: string };

type Check = (settings: Settings) => Promise<Finding> | Finding;

const checks: Readonly<Record<string, Check>> = {
  'Node.js': checkNode,
  'pipeline root': checkRoot,
  'disk space': checkDisk,
  'ONNX Runtime': () => checkPackage('onnxruntime-node', 'training and evaluation'),
  'image decoding': () => checkPackage('sharp', 'reading photographs'),
  SQLite: () => checkPackage('libsql', 'the list of runs'),
  CUDA: checkCuda,
  Python: checkPython,
  Docker: () =>
    checkProgram('docker', ['version', '--format', '{{.Server.Version}}'], 'running other containers'),
  Kubernetes: checkCluster,
  settings: checkSettings,
};

interface DoctorOptions {
  readonly root?: string;
  readonly json?: boolean;
}

/** Checks this machine and says what works. The exit status is 1 where something is missing that every run needs. */
export async function doctorCommand(options: DoctorOptions): Promise<void> {
  const settings = resolveSettings('.', options.root);
  const findings = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ({ name, ...(await check(settings)) })),
  );
  const works = findings.every(({ kind }) => kind !== 'missing');
  if (!works) process.exitCode = 1;
  if (options.json === true) printJson({ version, works, checks: findings });
  else process.stdout.write(`${table(findings)}\n`);
}

function table(findings: readonly (Finding & { readonly name: string })[]): string {
  const paint = paintFor(process.stdout, process.env);
  const signs = { ok: paint('green', '✓'), absent: paint('dim', '○'), missing: paint('red', '✗') };
  const rows = findings.map(({ kind, name, text }) => [`  ${signs[kind]}`, name, text]);
  return formatTable([[`  ${signs.ok}`, 'ferrule', version], ...rows]);
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  return enough
    ? { kind: 'ok', text: `${process.versions.node} on ${process.platform}-${process.arch}` }
    : { kind: 'missing', text: `${process.versions.node} is too old: install 20.19 or newer` };
}

async function checkRoot({ root, env, cacheFolder }: Settings): Promise<Finding> {
  try {
    if (root.includes('://')) {
      const { openRoot } = await import('../../stores/index.ts');
      await openRoot(root, { env, localFolder: cacheFolder });
      return { kind: 'ok', text: `${root} answers` };
    }
    await mkdir(root, { recursive: true });
    await access(root, constants.W_OK);
    return { kind: 'ok', text: `${root} can be written` };
  } catch (error) {
    return {
      kind: 'missing',
      text: `${root} cannot be written (${messageOf(error)}): name another with --root`,
    };
  }
}

async function checkDisk({ root, projectRoot }: Settings): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(existsSync(root) ? root : projectRoot);
    const free = bavail * bsize;
    return {
      kind: free < 2e9 ? 'absent' : 'ok',
      text: `${formatBytes(free)} free${free < 2e9 ? ': `ferrule gc` frees some' : ''}`,
    };
  } catch (error) {
    return { kind: 'absent', text: `not known: ${messageOf(error)}` };
  }
}

async function checkPackage(name: string, use: string): Promise<Finding> {
  try {
    await import(name);
    return { kind: 'ok', text: `${name} loads` };
  } catch (error) {
    const [first] = messageOf(error).split('\n');
    return { kind: 'missing', text: `${name} does not load, which ${use} needs: ${first}` };
  }
}

function checkCuda(): Finding {
  const { status, stdout } = spawnSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
    encoding: 'utf8',
  });
  return status === 0
    ? { kind: 'ok', text: stdout.trim().split('\n').join(', ') }
    : { kind: 'absent', text: 'no GPU of NVIDIA was found: training runs on the CPU' };
}

async function checkPython({ env, projectRoot }: Settings): Promise<Finding> {
  const needs = 'components in Python need';
  try {
    const { lookForPython } = await import('../../runners/local/python/look-for-python.ts');
    const { interpreter, makesEnvironments } = await lookForPython(env, projectRoot);
    const { version: python, executable } = interpreter;
    const [, minor = 0] = python.split('.').map(Number);
    if (minor < 9)
      return { kind: 'absent', text: `${python} at ${executable} is too old: ${needs} 3.9 or newer` };
    return makesEnvironments
      ? { kind: 'ok', text: `${python} at ${executable}` }
      : {
          kind: 'absent',
          text: `${python} at ${executable} makes no virtual environments, which ${needs}: apt install python3-venv`,
        };
  } catch (error) {
    return { kind: 'absent', text: `${messageOf(error)}; ${needs} one` };
  }
}

function checkProgram(program: string, args: string[], use: string): Finding {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: 5000 });
  return status === 0
    ? { kind: 'ok', text: stdout.trim() }
    : {
        kind: 'absent',
        text: `${program} does not answer: ${use} needs it, pipelines of TypeScript components do not`,
      };
}

/** Milliseconds that a cluster has to answer. */
const clusterPatience = 3000;

async function checkCluster(settings: Settings): Promise<Finding> {
  const { env } = settings;
  const config = env['KUBECONFIG'] ?? join(env['HOME'] ?? '', '.kube', 'config');
  if (!existsSync(config.split(delimiter)[0] ?? ''))
    return { kind: 'absent', text: 'there is no kubeconfig, which running on Kubernetes needs' };
  try {
    const { context, namespace } = await readClusterSettings({}, settings);
    const { askCluster } = await import('../../runners/kubernetes/api/ask-cluster.ts');
    const access = {
      ...(context !== undefined && { context }),
      ...(namespace !== undefined && { namespace }),
    };
    return { kind: 'ok', text: await askCluster(access, AbortSignal.timeout(clusterPatience)) };
  } catch (error) {
    return { kind: 'absent', text: `it cannot be used now: ${messageOf(error)}` };
  }
}

function checkSettings({ env, projectRoot }: Settings): Finding {
  const names = [
    'KFP_REPOSITORY',
    'STAGING_BUCKET',
    'PREP_DATA_DOCKER_URI',
    'TRAIN_MODEL_DOCKER_URI',
    'EVAL_MODEL_DOCKER_URI',
    'FERRULE_IMAGE',
  ];
  const set = names.filter((name) => env[name] !== undefined);
  return set.length === names.length
    ? { kind: 'ok', text: `all names of .env are set in ${projectRoot}` }
    : {
        kind: 'absent',
        text: `not set: ${names.filter((name) => !set.includes(name)).join(', ')} (.env.example explains them)`,
      };
}
