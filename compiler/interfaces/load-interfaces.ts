/** Gives the interfaces of components, and the types of required parameters, from the cache where nothing that they depend on has changed. */
import path from 'node:path';
import type { Digest } from '../../spec/index.ts';
import { cacheKey, readEntry, writeWhole, type CacheEntry } from '../cache-file.ts';
import { Diagnostics } from '../diagnostics.ts';
import { FileRecorder, checkRecord, type FileRecord } from '../file-record.ts';
import { ownPackage } from '../own-package.ts';
import { readSource } from '../source-text.ts';
import type { UserModule } from '../source-pass/user-module.ts';
import type { ComponentInterface, PortType } from './component-interface.ts';

export interface InterfaceRequest {
  readonly projectRoot: string;
  readonly cacheFolder: string;
  /** Files that hold components or required parameters, as seen from the project. */
  readonly files: readonly string[];
}

/** `files` are those that types were imported from. */
interface InterfaceEntry extends CacheEntry {
  /** The components' own file. */
  readonly own: FileRecord;
  /** Digest of the part of that file which interfaces depend on. */
  readonly text: Digest;
  readonly interfaces: readonly ComponentInterface[];
  readonly required: Readonly<Record<string, PortType>>;
}

interface Loaded {
  readonly interfaces: readonly ComponentInterface[];
  /** The types of `required<T>()`, by file and source text. */
  readonly required: ReadonlyMap<string, PortType>;
  /** Absolute paths. */
  readonly readFiles: readonly string[];
}

/** Loads interfaces; ts-morph is loaded only where one may have changed. Faults go into `diagnostics`. */
export async function loadInterfaces(request: InterfaceRequest, diagnostics: Diagnostics): Promise<Loaded> {
  const { projectRoot: root, files } = request;
  const entries: InterfaceEntry[] = [];
  const missing: string[] = [];
  for (const file of files) {
    const entry = await cachedEntry(file, request);
    if (entry === undefined) missing.push(file);
    else entries.push(entry);
  }
  if (missing.length > 0) entries.push(...(await readEntries(missing, request, diagnostics)));
  return {
    interfaces: entries.flatMap((entry) => entry.interfaces),
    required: new Map(
      entries.flatMap(({ own, required }) =>
        Object.entries(required).map(([text, type]) => [requiredKey(own.path, text), type] as const),
      ),
    ),
    readFiles: entries.flatMap(({ own, files: others }) =>
      [own, ...others].map((record) => path.resolve(root, record.path)),
    ),
  };
}

/** A key of the required types; the file as seen from the project. */
export function requiredKey(file: string, text: string): string {
  return `${file.replaceAll('\\', '/')}#${text}`;
}

function entryFile(file: string, { cacheFolder }: InterfaceRequest): string {
  return path.join(cacheFolder, 'interfaces', `${cacheKey(file)}.json`);
}

/** Finds an entry that holds. One whose file was edited holds if the edit cannot matter, and is renewed. */
async function cachedEntry(file: string, request: InterfaceRequest): Promise<InterfaceEntry | undefined> {
  const { projectRoot: root } = request;
  const entry = readEntry<InterfaceEntry>(entryFile(file, request), root, ownPackage().build);
  if (entry === undefined || checkRecord(root, entry.own) !== undefined) return entry;
  const recorder = new FileRecorder(root);
  const { text } = await parsed(path.resolve(root, file), root, recorder);
  if (text !== entry.text) return undefined;
  const renewed = { ...entry, own: recorder.record(path.resolve(root, file)) };
  writeWhole(entryFile(file, request), JSON.stringify(renewed));
  return renewed;
}

async function parsed(
  file: string,
  root: string,
  recorder: FileRecorder,
): Promise<{ readonly module: UserModule; readonly text: Digest }> {
  const [{ parseUserModule }, { interfaceDigest }] = await Promise.all([
    import('../source-pass/user-module.ts'),
    import('../source-pass/interface-text.ts'),
  ]);
  const source = readSource(root, file);
  recorder.note(file, source.bytes);
  const module = parseUserModule(source);
  return { module, text: interfaceDigest(module) };
}

async function readEntries(
  files: readonly string[],
  request: InterfaceRequest,
  diagnostics: Diagnostics,
): Promise<InterfaceEntry[]> {
  const { projectRoot: root } = request;
  const { InterfaceReader } = await import('./read-interfaces.ts');
  const reader = new InterfaceReader(root);
  const entries: InterfaceEntry[] = [];
  for (const file of files) {
    const own = path.resolve(root, file);
    const found = new Diagnostics();
    const recorder = new FileRecorder(root);
    const { module, text } = await parsed(own, root, recorder);
    const read = reader.read(module, found);
    const entry: InterfaceEntry = {
      compiler: ownPackage().build,
      own: recorder.record(own),
      files: read.files.filter((name) => name !== own).map((name) => recorder.record(name)),
      text,
      interfaces: read.components,
      required: read.required,
    };
    entries.push(entry);
    if (found.empty) writeWhole(entryFile(file, request), JSON.stringify(entry));
    else found.passTo(diagnostics);
  }
  return entries;
}
