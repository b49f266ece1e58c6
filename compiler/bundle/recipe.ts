/** Digests how an image is made: its Dockerfiles, what they copy besides the bundle, and the pinned bases. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson, digestOf, digestOfFolder, type Digest, type FileEntry } from '../../spec/index.ts';
import { projectPath } from '../project.ts';
import { pinsFile, readPins } from './base-pins.ts';
import { readDockerfile } from './dockerfile.ts';
import { nodeImage } from './lightweight.ts';

export interface Recipe {
  readonly digest: Digest;
  /** Absolute paths of the files it was read from. */
  readonly files: readonly string[];
}

/** What the image build puts in place by itself: packages, programs and the components' bundles. */
const placedByBuild = /^(?:\.\/)?(?:\.ferrule|natives|programs|bundle|run\.mjs|launch\.mjs)(?:\/|$)/;

/** Takes registry, tag and digest off a reference: the name that Dockerfiles go by. */
export function imageName(reference: string): string {
  return reference.replace(/@.*$/, '').split('/').at(-1)?.replace(/:.*$/, '') ?? reference;
}

/** Names an image's Dockerfile, which need not exist. */
export function dockerfileOf(image: string, root: string, variant?: string): string {
  const name = variant === undefined ? imageName(image) : `${imageName(image)}.${variant}`;
  return path.join(root, 'Dockerfiles', `${name}.Dockerfile`);
}

/** Digests the recipe of an image; undefined where it has no Dockerfile of its own and no pinned base. */
export function recipeOf(image: string, root: string): Recipe | undefined {
  const dockerfiles = dockerfilesOf(image, root);
  const parts = dockerfiles.map((file) => readDockerfile(readFileSync(file, 'utf8')));
  const bases = dockerfiles.length === 0 ? [nodeImage] : parts.flatMap((part) => part.bases);
  const pins = Object.entries(readPins(root)).filter(([reference]) => bases.includes(reference));
  const copied = parts.flatMap((part) => part.sources).flatMap((source) => projectFiles(root, source));
  const files = [...new Set([...dockerfiles, ...copied])];
  if (files.length === 0 && pins.length === 0) return undefined;
  const entries = files.map((file) => entryOf(projectPath(root, file), readFileSync(file)));
  if (pins.length > 0)
    entries.push(entryOf('ferrule.lock', Buffer.from(canonicalJson(Object.fromEntries(pins)))));
  return {
    digest: digestOfFolder(entries),
    files: existsSync(pinsFile(root)) ? [...files, pinsFile(root)] : files,
  };
}

/** Lists an image's Dockerfile and those of its variants, `train.gpu.Dockerfile`. */
function dockerfilesOf(image: string, root: string): string[] {
  const folder = path.join(root, 'Dockerfiles');
  if (!existsSync(folder)) return [];
  const start = `${imageName(image)}.`;
  return readdirSync(folder)
    .filter((file) => file.startsWith(start) && /^(?:\w+\.)?Dockerfile$/.test(file.slice(start.length)))
    .sort()
    .map((file) => path.join(folder, file));
}

function entryOf(name: string, content: Uint8Array): FileEntry {
  return { path: name, size: content.byteLength, digest: digestOf(content) };
}

/** Left out of folders that are copied: what is no source, and what tends to hold secrets. */
const leftOut = /^(?:node_modules|\.git|\.ferrule|\.npmrc|\.env(?:\.(?!example$).*)?)$/;

/**
 * Lists the project's files that a source of COPY stands for: absolute paths, in no order. Nothing outside the
 * project, and nothing that the build puts in place by itself.
 */
export function projectFiles(root: string, source: string): string[] {
  if (placedByBuild.test(source)) return [];
  const place = path.join(root, source);
  const inside = path.relative(root, place);
  if (inside === '..' || inside.startsWith(`..${path.sep}`)) return [];
  const pattern = path.basename(place);
  if (!/[*?]/.test(pattern)) return filesUnder(place);
  const folder = path.dirname(place);
  const matcher = new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((entry) => matcher.test(entry) && !leftOut.test(entry))
    .flatMap((entry) => filesUnder(path.join(folder, entry)));
}

function filesUnder(place: string): string[] {
  const stat = statSync(place, { throwIfNoEntry: false });
  if (stat?.isFile() === true) return [place];
  if (stat?.isDirectory() !== true) return [];
  return readdirSync(place)
    .filter((entry) => !leftOut.test(entry))
    .flatMap((entry) => filesUnder(path.join(place, entry)));
}
