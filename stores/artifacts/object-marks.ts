import type { AttemptKey } from '../../engine/ports.ts';
import type { Digest } from '../../spec/index.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { attemptFolder } from './attempt-folder.ts';

/** What an object of an artifact looked like when it was kept. */
export interface ObjectMark {
  /** Path inside the artifact; empty for a single file. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly digest: Digest;
  /** As a listing tells it. */
  readonly checksum: string;
}

/** The marks of all artifacts of one attempt, by their URIs. */
type AttemptMarks = Readonly<Record<string, readonly ObjectMark[]>>;

export interface ObjectMarks {
  write(attempt: AttemptKey, marks: AttemptMarks): Promise<void>;
  read(attempt: AttemptKey): Promise<AttemptMarks | undefined>;
}

/** As many attempts are remembered. */
const remembered = 256;

/** Keeps marks as `<attempt>/marks.json`. They never change once there is a result. */
export function objectMarks(objects: ObjectStore): ObjectMarks {
  const known = new Map<string, AttemptMarks>();
  const remember = (folder: string, marks: AttemptMarks): void => {
    known.set(folder, marks);
    const [oldest] = known.keys();
    if (known.size > remembered && oldest !== undefined) known.delete(oldest);
  };
  const keyOf = (folder: string): string => `${folder}/marks.json`;
  return {
    async write(attempt, marks) {
      if (Object.values(marks).flat().length === 0) return;
      const folder = attemptFolder(attempt);
      const content = JSON.stringify(marks);
      if ((await objects.create(keyOf(folder), content)) === 'exists') {
        // Sealed before, by a driver that died before it wrote the result: these are newer.
        const there = await objects.read(keyOf(folder));
        if (there !== undefined) await objects.replace(keyOf(folder), there.version, content);
      }
      remember(folder, marks);
    },
    async read(attempt) {
      const folder = attemptFolder(attempt);
      const marks = known.get(folder);
      if (marks !== undefined) return marks;
      const object = await objects.read(keyOf(folder));
      if (object === undefined) return undefined;
      const read = JSON.parse(object.content) as AttemptMarks;
      remember(folder, read);
      return read;
    },
  };
}
