/** `ferrule templates`: what a store of templates holds, and changes to it. */
import { UserError } from '../../errors/index.ts';
import type { TemplateStore, TemplateVersion } from '../../remotes/ports.ts';
import { paintFor } from '../color.ts';
import { writeOutputFile } from '../output-file.ts';
import { printJson } from '../print-json.ts';
import { resolveSettings } from '../settings.ts';
import { formatTable } from '../table.ts';
import { openTemplates, type StoreFlags } from './open-remotes.ts';
import { tagWords } from './upload.ts';

interface TemplateOptions extends StoreFlags {
  readonly json?: boolean;
}

/** Lists the packages. */
export function listCommand(options: TemplateOptions): Promise<void> {
  return inStore(options, async (store) => {
    const packages = await store.packages();
    const rows = packages.map(({ name, createdAt, updatedAt, description }) => [
      name,
      time(createdAt),
      time(updatedAt),
      description ?? '',
    ]);
    return {
      json: packages,
      text: table(['PACKAGE', 'CREATED', 'CHANGED', 'DESCRIPTION'], rows, `no package in ${store.address}`),
    };
  });
}

/** Shows a package with its versions, or one version. */
export function showCommand(
  name: string,
  version: string | undefined,
  options: TemplateOptions,
): Promise<void> {
  return inStore(options, async (store) => {
    if (version !== undefined) {
      const found = await store.version(name, version);
      return { json: { ...found, uri: store.uriOf(name, found.name) }, text: versionText(found, store) };
    }
    const [found, versions] = await Promise.all([store.package(name), store.versions(name)]);
    const head = [found.name, ...(found.description === undefined ? [] : [found.description])].join('  ');
    return { json: { ...found, versions }, text: `${head}\n\n${versionTable(versions)}` };
  });
}

/** Lists the versions of a package, newest first. */
export function versionsCommand(name: string, options: TemplateOptions): Promise<void> {
  return inStore(options, async (store) => {
    const versions = await store.versions(name);
    return { json: versions, text: versionTable(versions) };
  });
}

/** Lists the tags of a package. */
export function tagsCommand(name: string, options: TemplateOptions): Promise<void> {
  return inStore(options, async (store) => {
    const tags = await store.tags(name);
    const rows = tags.map((tag) => [tag.name, tag.version]);
    return { json: tags, text: table(['TAG', 'VERSION'], rows, `${name} has no tags`) };
  });
}

/** Points a tag to a version. */
export function tagCommand(
  name: string,
  version: string,
  tag: string,
  options: TemplateOptions,
): Promise<void> {
  return inStore(options, async (store) => {
    const change = await store.tag(name, version, tag);
    return { json: change, text: tagWords(change) };
  });
}

/** Removes a tag. */
export function untagCommand(name: string, tag: string, options: TemplateOptions): Promise<void> {
  return inStore(options, async (store) => {
    await store.untag(name, tag);
    return { json: { kind: 'removed', tag }, text: `tag ${tag} removed` };
  });
}

/** Writes a version to a file, or to standard output. */
export function downloadCommand(
  name: string,
  version: string,
  options: TemplateOptions & { readonly output?: string },
): Promise<void> {
  return inStore(options, async (store) => {
    const { text, version: found } = await store.download(name, version);
    if (options.output === '-') {
      process.stdout.write(text);
      return undefined;
    }
    const file = options.output ?? `${name}_${version.replace(/^sha256:/, '')}.yaml`;
    await writeOutputFile(file, text);
    return { json: { ...found, file }, text: `${name}/${found.name} -> ${file}` };
  });
}

/** Deletes a version, or a package with all its versions. */
export function deleteCommand(
  name: string,
  version: string | undefined,
  options: TemplateOptions & { readonly force?: boolean },
): Promise<void> {
  const force = options.force === true;
  return inStore(options, async (store) => {
    if (version !== undefined) {
      await store.deleteVersion(name, version, { force });
      return { json: { kind: 'deleted', package: name, version }, text: `${name}/${version} deleted` };
    }
    const { length } = await store.versions(name);
    if (!force)
      throw new UserError('FER8007', {
        problem: `${name} has ${length} version${length === 1 ? '' : 's'}, and all would be deleted`,
        fix: 'add --force to delete them, or name the version',
      });
    await store.deletePackage(name);
    return {
      json: { kind: 'deleted', package: name },
      text: `${name} deleted, with ${length} version${length === 1 ? '' : 's'}`,
    };
  });
}

interface Said {
  readonly json: unknown;
  readonly text: string;
}

async function inStore(
  options: TemplateOptions,
  work: (store: TemplateStore) => Promise<Said | undefined>,
): Promise<void> {
  const store = await openTemplates(resolveSettings('.', undefined), options);
  try {
    const said = await work(store);
    if (said === undefined) return;
    if (options.json === true) printJson(said.json);
    else process.stdout.write(`${said.text}\n`);
  } finally {
    await store.close();
  }
}

function versionText(version: TemplateVersion, store: TemplateStore): string {
  const rows = [
    ['version', version.name],
    ['tags', version.tags.join(', ')],
    ['created', time(version.createdAt)],
    ['description', version.description ?? ''],
    ['uri', store.uriOf(version.package, version.name)],
  ];
  return formatTable(rows.filter(([, value]) => value !== ''));
}

function versionTable(versions: readonly TemplateVersion[]): string {
  const rows = versions.map(({ name, createdAt, tags, description }) => [
    name,
    time(createdAt),
    tags.join(', '),
    description ?? '',
  ]);
  return table(['VERSION', 'CREATED', 'TAGS', 'DESCRIPTION'], rows, 'no version');
}

function table(header: readonly string[], rows: readonly (readonly string[])[], none: string): string {
  const paint = paintFor(process.stdout, process.env);
  return rows.length === 0 ? none : formatTable([header.map((text) => paint('dim', text)), ...rows]);
}

function time(text: string | undefined): string {
  return text?.slice(0, 19).replace('T', ' ') ?? '';
}
