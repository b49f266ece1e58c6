/** Tells packages that hold machine code, which no bundle can carry. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

interface Manifest {
  readonly gypfile?: boolean;
  readonly binary?: unknown;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const known = new Map<string, boolean>();

/** Whether the package in a folder is native: built by node-gyp, holding `.node` files, or with a package a platform. */
export function isNativePackage(folder: string): boolean {
  let native = known.get(folder);
  if (native === undefined) known.set(folder, (native = looksNative(folder)));
  return native;
}

const platformPackage =
  /(?:linux|darwin|win32|windows|macos|freebsd|android)[-_](?:x64|arm64|ia32|arm|musl|gnu|x86)/;

function looksNative(folder: string): boolean {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
  if (manifest.gypfile === true || manifest.binary !== undefined) return true;
  if (existsSync(path.join(folder, 'binding.gyp'))) return true;
  if (Object.keys(manifest.optionalDependencies ?? {}).some((name) => platformPackage.test(name)))
    return true;
  return holdsMachineCode(folder, 6);
}

function holdsMachineCode(folder: string, depth: number): boolean {
  if (depth === 0) return false;
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.isFile() && entry.name.endsWith('.node'))) return true;
  return entries.some(
    (entry) =>
      entry.isDirectory() &&
      entry.name !== 'node_modules' &&
      holdsMachineCode(path.join(folder, entry.name), depth - 1),
  );
}
