import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UserError } from '../../errors/index.ts';
import { kebabCase } from '../../spec/names.ts';
import { ownPackage, type OwnPackage } from '../own-package.ts';

/** What of this package a new project starts with: the weather pipeline, whole. */
const flagship = ['pipeline.ts', 'components', 'backbones', 'Dockerfiles', '.env.example'];

/** Packages that the components import by themselves, and those that the new project's tests need. */
const packages = {
  dependencies: ['@observablehq/plot', 'linkedom', 'onnx-proto', 'onnxruntime-node', 'sharp'],
  devDependencies: ['@types/node', 'typescript', 'vitest'],
} as const;

/** Makes a new project in a folder that is new or empty; a failure leaves nothing behind. */
export async function initCommand(target: string): Promise<void> {
  const folder = resolve(target);
  const present = await readdir(folder).catch(() => []);
  if (present.length > 0)
    throw new UserError('FER1004', {
      problem: `${target} is not empty`,
      fix: 'name a new or an empty folder',
    });
  const own = ownPackage();
  if (own.checkout) declareTypes(own);
  await mkdir(dirname(folder), { recursive: true });
  const aside = join(dirname(folder), `.${basename(folder)}-${process.pid}.tmp`);
  try {
    for (const name of flagship)
      await cp(join(own.folder, name), join(aside, name), {
        recursive: true,
        filter: (path) => !path.endsWith('.md') || path.includes('backbones'),
      });
    await cp(join(own.folder, 'cli', 'templates'), aside, { recursive: true });
    // npm leaves these two names out of a package, or changes them.
    await rename(join(aside, 'gitignore'), join(aside, '.gitignore'));
    await rename(join(aside, 'npmrc'), join(aside, '.npmrc'));
    await writeFile(join(aside, 'package.json'), `${JSON.stringify(manifestOf(folder, own), null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  process.stdout.write(
    `made ${target}\n\n  cd ${target}\n  npm install\n  npm start    runs the pipeline on the embedded sample\n  npm test     tests it\n`,
  );
}

/** A checkout has no declarations until they are built; the new project type-checks against them. */
function declareTypes({ folder }: OwnPackage): void {
  const built = spawnSync(process.execPath, [join(folder, 'bin', 'build.mjs'), '--types'], {
    encoding: 'utf8',
  });
  if (built.status !== 0)
    process.stderr.write(
      'the type declarations of this checkout could not be built: `npm run check` of the new project needs them\n' +
        'install the development packages (npm ci) and run: npm run build\n',
    );
}

function manifestOf(folder: string, own: OwnPackage): object {
  const { manifest } = own;
  const versions = { ...manifest.dependencies, ...manifest.devDependencies };
  const pick = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, versions[name] ?? '*']));
  return {
    name: kebabCase(basename(folder)) || 'pipeline',
    version: '0.1.0',
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: {
      start: 'ferrule run pipeline.ts --param data_bucket=sample:weather',
      test: 'vitest run',
      check: 'tsc --noEmit',
      compile: 'ferrule compile pipeline.ts -o pipeline.yaml',
    },
    dependencies: {
      ferrule: own.checkout ? `file:${relative(folder, own.folder)}` : `^${manifest.version}`,
      ...pick(packages.dependencies),
    },
    devDependencies: pick(packages.devDependencies),
  };
}
