/** Projects whose components have images, and the engine that builds them for real. */
import Docker from 'dockerode';
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { makeProject, type Called, type Project } from '../cli/project.ts';
import { dockerEngine } from '../counterparts.ts';

/** One component without packages of machine code: its image needs nothing from a network. */
export const adder = `import { component, type Int } from 'ferrule';

/** Adds two numbers. */
export const add = component(
  { image: { name: 'adder', uriFrom: 'ADDER_URI' } },
  ({ a, b }: { a: Int; b: Int }): Int => {
    console.log('the sum is ' + (a + b));
    return a + b;
  },
);
`;

export const sums = `import { pipeline } from 'ferrule';
import { add } from './add.ts';
export default pipeline('sums', {}, () => { add({ a: 2, b: 3 }); });
`;

/** An image as the command line's JSON has it. */
export interface ImageResult {
  readonly reference: string;
  readonly status: 'built' | 'unchanged';
  readonly id: string;
  readonly digest?: string;
  readonly components: readonly { readonly code: string }[];
}

/** The programs that go into images: the command line under test does not build them by itself. */
export async function buildPrograms(): Promise<void> {
  const script = (await import(new URL('../../bin/build.mjs', import.meta.url).href)) as {
    readonly buildPrograms: () => Promise<void>;
  };
  await script.buildPrograms();
}

/** A name for images of one test file, so that several may run at a time. */
export function ownRepository(): string {
  return `ferrule-test/${randomUUID().slice(0, 8)}`;
}

export function engine(): Docker {
  return new Docker({ socketPath: (dockerEngine ?? '').replace('unix://', '') });
}

/** Makes the project of `sums`. */
export function sumsProject(reference: string, more: Readonly<Record<string, string>> = {}): Project {
  return makeProject({
    'add.ts': adder,
    'pipeline.ts': sums,
    '.env': `ADDER_URI=${reference}\nSECRET=do-not-ship`,
    ...more,
  });
}

/** What was built here: images that lost their names to later ones are removed too. */
const built = new Set<string>();

/** Calls `ferrule build --json`. */
export async function build(project: Project, ...args: readonly string[]): Promise<readonly ImageResult[]> {
  const called = await project.ferrule('build', '--json', ...args);
  if (called.status !== 0) throw new Error(`ferrule build failed:\n${called.stderr}`);
  const { images } = JSON.parse(called.stdout) as { readonly images: readonly ImageResult[] };
  for (const { id } of images) built.add(id);
  return images;
}

/** The digests of an image's layers, the base's first. */
export async function layersOf(id: string): Promise<readonly string[]> {
  return (await engine().getImage(id).inspect()).RootFS.Layers ?? [];
}

/** Lists the files of an image below a folder. */
export async function filesOf(id: string, folder: string): Promise<string[]> {
  const container = await engine().createContainer({ Image: id });
  try {
    const unpack = extract();
    const names: string[] = [];
    (await container.getArchive({ path: folder })).pipe(unpack);
    for await (const entry of unpack) {
      if (entry.header.type === 'file') names.push(entry.header.name);
      entry.resume();
    }
    return names.sort();
  } finally {
    await container.remove();
  }
}

/** Runs an image to its end, with a read-only root as on a cluster. */
export async function runImage(
  id: string,
  args: readonly string[],
  binds: readonly string[] = [],
): Promise<Called> {
  const docker = engine();
  const container = await docker.createContainer({
    Image: id,
    Cmd: [...args],
    HostConfig: { ReadonlyRootfs: true, Tmpfs: { '/tmp': 'mode=1777' }, Binds: [...binds] },
  });
  try {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    docker.modem.demuxStream(stream, stdout, stderr);
    stream.on('end', () => [stdout, stderr].forEach((output) => output.end()));
    await container.start();
    const [said, complained] = await Promise.all([text(stdout), text(stderr)]);
    const { StatusCode } = (await container.wait()) as { readonly StatusCode: number };
    return { status: StatusCode, stdout: said, stderr: complained };
  } finally {
    await container.remove({ force: true });
  }
}

/** Removes the images of a repository, as far as the engine lets go of them. */
export async function removeImages(repository: string): Promise<void> {
  const docker = engine();
  const images = await docker.listImages();
  const tags = images.flatMap((image) => image.RepoTags ?? []).filter((tag) => tag.includes(repository));
  for (const name of [...tags, ...built])
    // One that is gone already, or still of use to another, is none of ours.
    await docker
      .getImage(name)
      .remove({ force: true })
      .catch(() => undefined);
}
