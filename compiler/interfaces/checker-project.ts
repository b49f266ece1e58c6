/** A project that TypeScript's checker knows: a user's file with all that it imports, by the user's own settings. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ModuleKind, ModuleResolutionKind, Project, ScriptTarget, type SourceFile } from 'ts-morph';
import { ownPackage } from '../own-package.ts';
import { ancestors } from '../project.ts';

export interface CheckerProject {
  readonly project: Project;
  /** Lists the absolute paths of the user's files that were read. */
  readonly files: () => string[];
}

/** Makes the project of a file. Of the nearest tsconfig.json, the settings by which imports are found are heeded. */
export function checkerProject(source: SourceFile): CheckerProject {
  const file = source.getFilePath();
  const settings = ancestors(path.dirname(file))
    .map((folder) => path.join(folder, 'tsconfig.json'))
    .find((candidate) => existsSync(candidate));
  const { folder } = ownPackage();
  const project = new Project({
    ...(settings !== undefined && { tsConfigFilePath: settings }),
    skipAddingFilesFromTsConfig: true,
    compilerOptions: {
      target: ScriptTarget.ES2023,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
      strict: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      resolveJsonModule: true,
      noEmit: true,
      types: [],
      customConditions: ['ferrule-source'],
    },
  });
  const { paths } = project.getCompilerOptions();
  project.compilerOptions.set({
    paths: { ...paths, ferrule: [`${folder}/sdk/index.ts`, `${folder}/dist/sdk/index.d.ts`] },
  });
  project.createSourceFile(file, source.getFullText(), { overwrite: true });
  return {
    project,
    files: () => [
      ...(settings === undefined ? [] : [settings]),
      ...project
        .getProgram()
        .compilerObject.getSourceFiles()
        .map(({ fileName }) => fileName)
        .filter((name) => !name.includes('/node_modules/') && !name.startsWith(`${folder}/sdk/`)),
    ],
  };
}
