/** Gives the interfaces of components, from the cache where their files are unchanged. */
import path from 'node:path';
import { cacheKey, readEntry, writeWhole, type CacheEntry } from '../cache-file.ts';
import { Diagnostics } from '../diagnostics.ts';
import { FileRecorder } from '../file-record.ts';
import { ownPackage } from '../own-package.ts';
import type { ComponentInterface } from './component-interface.ts';

export interface InterfaceRequest {
  readonly projectRoot: string;
  readonly cacheFolder: string;
  /** Files that hold components, as seen from the project. */
  readonly files: readonly string[];
}

interface InterfaceEntry extends CacheEntry {
  readonly interfaces: readonly ComponentInterface[];
}

/** Loads interfaces; ts-morph is loaded only where a file is not in the cache. Faults go into `diagnostics`. */
export async function loadInterfaces(
  { projectRoot: root, cacheFolder, files }: InterfaceRequest,
  diagnostics: Diagnostics,
): Promise<{ readonly interfaces: readonly ComponentInterface[]; readonly readFiles: readonly string[] }> {
  const compiler = ownPackage().build;
  const entryFile = (file: string): string => path.join(cacheFolder, 'interfaces', `${cacheKey(file)}.json`);
  const entries = new Map<string, InterfaceEntry>();
  for (const file of files) {
    const entry = readEntry<InterfaceEntry>(entryFile(file), root, compiler);
    if (entry !== undefined) entries.set(file, entry);
  }
  const missing = files.filter((file) => !entries.has(file));
  if (missing.length > 0) {
    const { InterfaceReader } = await import('./read-interfaces.ts');
    const reader = new InterfaceReader(root);
    for (const file of missing) {
      const found = new Diagnostics();
      const recorder = new FileRecorder(root);
      const read = reader.read(path.resolve(root, file), found);
      const entry: InterfaceEntry = {
        compiler,
        files: read.files.map((name) => recorder.record(name)),
        interfaces: read.interfaces,
      };
      entries.set(file, entry);
      if (found.empty) writeWhole(entryFile(file), JSON.stringify(entry));
      else found.passTo(diagnostics);
    }
  }
  const all = [...entries.values()];
  return {
    interfaces: all.flatMap((entry) => entry.interfaces),
    readFiles: all.flatMap((entry) => entry.files.map((record) => path.resolve(root, record.path))),
  };
}
