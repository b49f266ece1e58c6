/**
 * Small objects by key: all that run logs, cache entries and control objects need, so that a folder and a bucket
 * differ in this one port. Keys are relative paths with `/`.
 */
export interface ObjectStore {
  /** Reads an object; undefined where there is none. */
  read(key: string): Promise<StoredObject | undefined>;
  /** Writes an object whole, if there is none: of two writers one wins, and no reader sees half of it. */
  create(key: string, content: string): Promise<'created' | 'exists'>;
  /** Writes an object over the version that was read; `changed` where it is another by now, or gone. */
  replace(key: string, version: string, content: string): Promise<'replaced' | 'changed'>;
  /**
   * Lists the names right below a folder, sorted; none where it does not exist.
   * @param from names before it may be left out
   */
  names(folder: string, from?: string): Promise<readonly string[]>;
  /** When an object was written, in milliseconds since 1970; undefined where there is none. */
  writtenAt(key: string): Promise<number | undefined>;
  /** Removes an object, or a folder with all below it; nothing happens where it is gone. */
  remove(key: string): Promise<void>;
}

interface StoredObject {
  readonly content: string;
  /** Changes with every write. */
  readonly version: string;
}
