import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../errors/index.ts';
import type { ImportedFiles } from '../../compiler/import/import-component.ts';
import { fetchDocument, isUrl } from '../fetch-document.ts';
import { makeOutputFolder, writeOutputFile } from '../output-file.ts';
import { tellWarnings } from '../tell-warnings.ts';
import { readText } from '../read-text.ts';

interface ImportOptions {
  readonly name?: string;
  readonly out?: string;
  readonly force?: boolean;
}

/** Makes a typed component of a document: `<name>.ts`, and the document in KFP 2's form beside it. */
export async function importCommand(document: string, options: ImportOptions): Promise<void> {
  checkName(options.name);
  const { importComponent } = await import('../../compiler/import/import-component.ts');
  const text = isUrl(document) ? await fetchDocument(document) : await readText(document);
  const home = isUrl(document) ? undefined : await homeOf(document, options);
  const { out, name } = home ?? { out: options.out ?? 'components', name: options.name };
  const request = {
    text,
    file: document,
    origin: isUrl(document) ? document : path.basename(document),
    ...(name !== undefined && { name }),
  };
  let imported = importComponent({ ...request, inPlace: home !== undefined });
  const targets = {
    source: path.join(out, `${imported.name}.ts`),
    yaml: path.join(out, `${imported.name}.yaml`),
  };
  const isItself = !isUrl(document) && path.resolve(document) === path.resolve(targets.yaml);
  // The name that says so is known only once the document was read.
  if (isItself && !imported.converted) imported = importComponent({ ...request, inPlace: true });
  if (options.force !== true) await refuseEdited(targets, imported, isItself);
  await makeOutputFolder(out);
  await writeOutputFile(targets.yaml, imported.yaml);
  await writeOutputFile(targets.source, imported.source);
  process.stderr.write(`${imported.name} -> ${targets.source}, ${targets.yaml}\n`);
  tellWarnings(imported.warnings);
}

function checkName(name: string | undefined): void {
  if (name === undefined || /^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return;
  throw new UserError('FER1002', {
    problem: `"${name}" cannot name a file and a component`,
    fix: 'use letters, digits, - and _, a letter first',
  });
}

/** Where a document was imported to before: a file that is named like it lies beside it. It is imported anew there. */
async function homeOf(
  document: string,
  options: ImportOptions,
): Promise<{ readonly out: string; readonly name: string } | undefined> {
  const { dir: out, name } = path.parse(document);
  if (options.out !== undefined || options.name !== undefined || !document.endsWith('.yaml'))
    return undefined;
  const beside = path.join(out, `${name}.ts`);
  if (!existsSync(beside) || !(await readText(beside)).startsWith('// Made by `ferrule import`'))
    return undefined;
  return { out: out === '' ? '.' : out, name };
}

async function refuseEdited(
  targets: { readonly source: string; readonly yaml: string },
  imported: ImportedFiles,
  isItself: boolean,
): Promise<void> {
  const { isUntouched } = await import('../../compiler/import/import-component.ts');
  const source = existsSync(targets.source) ? await readText(targets.source) : undefined;
  const yaml = existsSync(targets.yaml) ? await readText(targets.yaml) : undefined;
  const refuse = (file: string, problem: string): never => {
    throw new UserError('FER1009', {
      problem: `${file} ${problem}`,
      fix: 'choose another place with --out or --name, or write over it with --force',
    });
  };
  if (source !== undefined && source !== imported.source && !isUntouched(source, undefined))
    refuse(targets.source, 'was edited by hand, or is not of `ferrule import`');
  if (yaml === undefined || yaml === imported.yaml) return;
  if (isItself) refuse(targets.yaml, 'is a component of KFP 1, which would be lost');
  if (source === undefined || !isUntouched(source, yaml))
    refuse(targets.yaml, 'was edited by hand, or is not of `ferrule import`');
}
