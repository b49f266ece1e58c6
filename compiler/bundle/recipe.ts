/** Digests how an image is made: its Dockerfile, what that copies besides the bundle, and the pinned bases. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { digestOf, digestOfFolder, type Digest, type FileEntry } from '../../spec/index.ts';
import { projectPath } from '../project.ts';

export interface Recipe {
  readonly digest: Digest;
  /** Absolute paths of the files it was read from. */
  readonly files: readonly string[];
}

/** What the image build puts in place by itself: the executor and the component's bundle. */
const placedByBuild = /^(?:\.\/)?(?:\.ferrule|bundle|run\.mjs)(?:\/|$)/;

/** Digests the recipe of an image by its plain name; undefined where it has no Dockerfile of its own. */
export function recipeOf(image: string, root: string): Recipe | undefined {
  const dockerfile = path.join(root, 'Dockerfiles', `${image}.Dockerfile`);
  if (/[/:]/.test(image) || !existsSync(dockerfile)) return undefined;
  const text = readFileSync(dockerfile, 'utf8');
  const pins = path.join(root, 'ferrule.lock');
  const files = [
    dockerfile,
    ...(existsSync(pins) ? [pins] : []),
    ...copied(text).flatMap((name) => filesUnder(root, name)),
  ];
  const entries = [...new Set(files)].map((file): FileEntry => {
    const content = readFileSync(file);
    return { path: projectPath(root, file), size: content.byteLength, digest: digestOf(content) };
  });
  return { digest: digestOfFolder(entries), files: [...new Set(files)] };
}

/** Lists the sources of COPY and ADD that come from the project. */
function copied(dockerfile: string): string[] {
  return dockerfile
    .replaceAll(/\\\r?\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const words = line.trim().split(/\s+/);
      if (!/^(?:COPY|ADD)$/i.test(words[0] ?? '') || words.some((word) => word.startsWith('--from=')))
        return [];
      const paths = words.slice(1).filter((word) => !word.startsWith('--'));
      const list = paths[0]?.startsWith('[') === true ? (JSON.parse(paths.join(' ')) as string[]) : paths;
      return list.slice(0, -1).filter((source) => !source.includes('://') && !placedByBuild.test(source));
    });
}

function filesUnder(root: string, name: string): string[] {
  const pattern = path.basename(name);
  const place = path.resolve(root, name);
  if (/[*?]/.test(pattern)) {
    const folder = path.dirname(place);
    const matcher = new RegExp(
      `^${pattern
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    );
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((entry) => matcher.test(entry))
      .flatMap((entry) => filesUnder(root, path.relative(root, path.join(folder, entry))));
  }
  const stat = statSync(place, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [place];
  return readdirSync(place)
    .filter((entry) => entry !== 'node_modules' && entry !== '.git' && entry !== '.ferrule')
    .flatMap((entry) => filesUnder(root, path.relative(root, path.join(place, entry))));
}
