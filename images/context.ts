/** What a build is given: files in a fixed order with fixed times and owners, so that equal sources are equal bytes. */
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { PassThrough, pipeline as connect, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { compareText, digestOf, digestOfJson, type Digest } from '../spec/index.ts';

export interface ContextFile {
  /** Inside the context, with `/` between names. */
  readonly path: string;
  readonly content: string | { readonly file: string };
}

/** Files by path, sorted. */
export type Context = readonly ContextFile[];

/** Sorts files; the first of two with one path counts. */
export function contextOf(files: readonly ContextFile[]): Context {
  const byPath = new Map<string, ContextFile>();
  for (const file of files) if (!byPath.has(file.path)) byPath.set(file.path, file);
  return [...byPath.values()].sort((a, b) => compareText(a.path, b.path));
}

/** Digests a context by paths, contents, and whether a file is a program; and what else a build depends on. */
export function digestOfContext(context: Context, options: Readonly<Record<string, unknown>>): Digest {
  const files = context.map(({ path, content }) => [
    path,
    modeOf(content),
    digestOf(typeof content === 'string' ? content : readFileSync(content.file)),
  ]);
  return digestOfJson({ files, options });
}

/** Packs a context as a tar stream, its Dockerfile among its files. */
export function packContext(context: Context): Readable {
  const stream = pack();
  const packed = new PassThrough();
  // A failure, such as a file that is gone, ends the stream and with it the build.
  connect(stream, packed, () => undefined);
  write(stream, context).catch((error: unknown) =>
    packed.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return packed;
}

async function write(stream: Pack, context: Context): Promise<void> {
  for (const folder of foldersOf(context))
    stream.entry({ ...fixed, name: `${folder}/`, type: 'directory', mode: 0o755 });
  for (const { path, content } of context) {
    const header = { ...fixed, name: path, mode: modeOf(content) };
    if (typeof content === 'string') stream.entry(header, content);
    else
      await pipeline(
        createReadStream(content.file),
        stream.entry({ ...header, size: statSync(content.file).size }),
      );
  }
  stream.finalize();
}

/** Times and owners that every file has. */
const fixed = { mtime: new Date(0), uid: 0, gid: 0 } as const;

function modeOf(content: ContextFile['content']): number {
  const program = typeof content !== 'string' && (statSync(content.file).mode & 0o100) !== 0;
  return program ? 0o755 : 0o644;
}

function foldersOf(context: Context): string[] {
  const folders = new Set<string>();
  for (const { path } of context)
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      folders.add(path.slice(0, end));
  return [...folders].sort(compareText);
}
