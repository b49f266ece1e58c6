/** The package that is running: where its files are, and how another project can depend on it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InternalError } from '../errors/index.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export interface OwnPackage {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Whether it is a checkout, not an installed package. */
  readonly checkout: boolean;
}

/** Finds the package above this very file. */
export function ownPackage(): OwnPackage {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
      if (manifest.name === 'ferrule')
        return { folder, manifest, checkout: existsSync(join(folder, 'tsconfig.build.json')) };
    }
    if (dirname(folder) === folder)
      throw new InternalError('FER4000', {
        problem: 'the package that this program belongs to was not found',
      });
  }
}
