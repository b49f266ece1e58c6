/** Small projects on disk, for tests of the compiler. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compilePipeline, type Compilation } from '../../compiler/index.ts';

export interface TestProject {
  readonly root: string;
  readonly cacheFolder: string;
  write(files: Readonly<Record<string, string>>): void;
  /** Makes a link at one path of the project to another. */
  link(from: string, to: string): void;
  compile(file?: string, env?: Readonly<Record<string, string>>, pipeline?: string): Promise<Compilation>;
}

/** Makes a project of some files in a temporary folder; it sees the packages that are installed here. */
export function testProject(files: Readonly<Record<string, string>>): TestProject {
  const root = mkdtempSync(path.join(tmpdir(), 'ferrule-project-'));
  const cacheFolder = path.join(root, '.ferrule', 'cache');
  const project: TestProject = {
    root,
    cacheFolder,
    write: (entries) => {
      for (const [name, text] of Object.entries(entries)) {
        const file = path.join(root, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    },
    link: (from, to) => {
      mkdirSync(path.dirname(path.join(root, from)), { recursive: true });
      symlinkSync(path.join(root, to), path.join(root, from));
    },
    compile: (file = 'pipeline.ts', env = {}, pipeline) =>
      compilePipeline({
        file: path.join(root, file),
        projectRoot: root,
        cacheFolder,
        env,
        ...(pipeline !== undefined && { pipeline }),
      }),
  };
  symlinkSync(path.join(import.meta.dirname, '..', '..', 'node_modules'), path.join(root, 'node_modules'));
  project.write({ 'package.json': '{ "name": "test-project", "type": "module" }', ...files });
  return project;
}

/** The code digest of each component, by its exported name. */
export function codeDigests(compilation: Compilation): Record<string, string> {
  return Object.fromEntries(
    compilation.bundles.map(({ component, digest }) => [component.split('#')[1] ?? component, digest]),
  );
}
