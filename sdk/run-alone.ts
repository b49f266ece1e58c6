/** Runs one component's body in this process, with temporary artifacts. */
import type { Artifact } from './artifacts.ts';
import { ArtifactObject } from './artifact-object.ts';
import type { ComponentBody } from './component.ts';
import { report } from './report.ts';

/** The inputs of a component that runs alone: plain values, and artifacts made by `artifact(path)`. */
export type AloneInputs<I> = I;

/** What a component that ran alone gave back. */
export interface AloneResult<O, R> {
  /** Its output artifacts, in a temporary folder. */
  readonly artifacts: O;
  /** What its body returned. */
  readonly returned: Awaited<R>;
  /** Removes the temporary folder, and the artifacts with it. */
  readonly remove: () => Promise<void>;
}

/** Makes an input artifact of a file or folder on this machine, to run a component alone. */
export function artifact<T extends Artifact = Artifact>(path: string, metadata: T['metadata'] = {}): T {
  const name = path.split(/[\\/]/).pop() ?? path;
  return new ArtifactObject({ name, uri: path, path, metadata }) as unknown as T;
}

/** Runs a body. Its scratch folder is gone once it ended; where it throws, its artifacts are too. */
export async function runAlone<I, O, R>(body: ComponentBody<I, O, R>, inputs: I): Promise<AloneResult<O, R>> {
  const { mkdtemp, mkdir, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const path = await import('node:path');
  const folder = await mkdtemp(path.join(tmpdir(), 'ferrule-'));
  const scratch = path.join(folder, 'scratch');
  const gone = { recursive: true, force: true } as const;
  const remove = (): Promise<void> => rm(folder, gone);
  await mkdir(scratch);
  const made = new Map<string, ArtifactObject>();
  // The interface is a matter of types, which are gone here: an output artifact exists once the body asks for it.
  const outputs = new Proxy(Object.create(null) as object, {
    get: (_, name) => (typeof name === 'string' ? outputArtifact(name) : undefined),
  });
  const outputArtifact = (name: string): ArtifactObject => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const place = path.join(folder, name);
    const fresh = new ArtifactObject({ name, uri: place, path: place });
    made.set(name, fresh);
    return fresh;
  };
  try {
    const context = { taskName: 'alone', signal: new AbortController().signal, scratch, report };
    const returned = await body(inputs, outputs as O, context);
    await rm(scratch, gone);
    return { artifacts: outputs as O, returned, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
