/** A project whose pipeline runs on the cluster of the tests, and folders elsewhere that know nothing but its root. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openRoot, type Root } from '../../stores/index.ts';
import { makeNamespace, type TestNamespace } from '../cluster/namespace.ts';
import { gcsServer, kubeconfig } from '../counterparts.ts';

const program = resolve(import.meta.dirname, '..', '..', 'bin', 'ferrule.mjs');

export interface Called {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that the command line is called in. */
export interface Machine {
  readonly folder: string;
  call(...args: readonly string[]): Promise<Called>;
  /** Starts the command line without waiting; it leads a process group of its own. */
  begin(...args: readonly string[]): Begun;
}

export interface Begun {
  readonly child: ChildProcess;
  readonly ended: Promise<Called>;
  /** Ends it, and all that it started, without a word. */
  kill(): Promise<void>;
}

export interface ClusterProject {
  readonly namespace: TestNamespace;
  /** Where pipeline.ts is. */
  readonly project: Machine;
  /** Opens a pipeline root in the project's bucket. */
  rootAt(prefix: string): Promise<Root>;
  /** Makes a folder with nothing but package.json and cluster.yaml. */
  elsewhere(): Promise<Machine>;
  close(): Promise<void>;
}

/**
 * Makes a project with a bucket and a namespace of its own.
 * @param purpose the beginning of the names of both
 * @param more variables of the command line's environment
 */
export async function openClusterProject(
  purpose: string,
  pipeline: string,
  more: NodeJS.ProcessEnv = {},
): Promise<ClusterProject> {
  const namespace = await makeNamespace(purpose);
  const { Storage } = await import('@google-cloud/storage');
  await new Storage({ apiEndpoint: gcsServer ?? '', projectId: 'test' }).createBucket(namespace.name);
  const scratch = await mkdtemp(join(tmpdir(), `ferrule-${purpose}-`));
  const env = {
    ...process.env,
    ...more,
    NO_COLOR: '1',
    KUBECONFIG: kubeconfig,
    FERRULE_GCS_ENDPOINT: gcsServer,
  };
  const settings = `namespace: ${namespace.name}\nenv:\n  FERRULE_GCS_ENDPOINT: ${gcsServer}\n`;
  const makeMachine = async (): Promise<Machine> => {
    const folder = await mkdtemp(join(scratch, 'machine-'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'cluster.yaml'), settings);
    return machineIn(folder, env);
  };
  const project = await makeMachine();
  await mkdir(join(project.folder, 'node_modules'));
  await symlink(resolve(program, '..', '..'), join(project.folder, 'node_modules', 'ferrule'));
  await writeFile(join(project.folder, 'pipeline.ts'), pipeline);
  return {
    namespace,
    project,
    rootAt: (prefix) =>
      openRoot(`gs://${namespace.name}/${prefix}`, { env, localFolder: join(scratch, 'here') }),
    elsewhere: makeMachine,
    async close() {
      await namespace.remove();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** Calls the command line in a folder. */
export function machineIn(folder: string, env: NodeJS.ProcessEnv): Machine {
  return {
    folder,
    call: (...args) =>
      new Promise((done) => {
        const options = { cwd: folder, env, maxBuffer: 2 ** 26 };
        execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) =>
          done({
            status: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
            stdout,
            stderr,
          }),
        );
      }),
    begin(...args) {
      const child = spawn(process.execPath, [program, ...args], {
        cwd: folder,
        env,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const ended = new Promise<Called>((done) => {
        child.on('close', (code) => done({ status: code ?? -1, stdout, stderr }));
      });
      return {
        child,
        ended,
        async kill() {
          if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
          await ended;
        },
      };
    },
  };
}
