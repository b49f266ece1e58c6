import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { backendNotes } from '../../compiler/backends/backend-notes.ts';
import type { TagChange, Template, Upload } from '../../remotes/ports.ts';
import { paintFor } from '../color.ts';
import { loadPipeline, type LoadedPipeline } from '../load-pipeline.ts';
import { printJson } from '../print-json.ts';
import { resolveSettings } from '../settings.ts';
import { tellBackendNotes } from '../tell-backend-notes.ts';
import { tellWarnings } from '../tell-warnings.ts';
import { openTemplates, type StoreFlags } from './open-remotes.ts';
import { refuseWhatKfpCannotRun } from './refuse-notes.ts';

interface UploadOptions extends StoreFlags {
  readonly pipeline?: string;
  readonly tag: readonly string[];
  readonly description?: string;
  readonly versionName?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Keeps a pipeline as a template. What is there already is not uploaded again; tags are moved all the same. */
export async function uploadCommand(file: string, options: UploadOptions): Promise<void> {
  const settings = resolveSettings(file, undefined);
  const loaded = await loadPipeline(file, settings, options.pipeline, options);
  const template = await templateOf(file, loaded);
  const size = Buffer.byteLength(template.text);
  tellWarnings(loaded.warnings);
  const store = await openTemplates(settings, options);
  try {
    if (options.backend === 'kfp') {
      if (options.force !== true) await refuseWhatKfpCannotRun(settings, options, loaded, size);
    } else if (
      /\.pkg\.dev\//.test(`${store.address}/`) &&
      backendNotes(loaded.compiled, 'vertex', size).length > 0
    )
      // A template in Artifact Registry is for Vertex AI first, and for whoever else takes it.
      await tellBackendNotes(loaded.compiled, 'vertex', size, loaded.placeOf);
    const upload = await store.upload(template, {
      tags: options.tag,
      ...(options.description !== undefined && { description: options.description }),
      ...(options.versionName !== undefined && { versionName: options.versionName }),
    });
    const { version } = upload;
    const uri = store.uriOf(version.package, version.name);
    if (options.json === true) printJson({ ...upload, uri });
    else process.stdout.write(`${wordsFor(upload, uri)}\n`);
  } finally {
    await store.close();
  }
}

/** A document is uploaded as it is, byte for byte; a source as it compiles. */
async function templateOf(file: string, { compiled }: LoadedPipeline): Promise<Template> {
  if (['.yaml', '.yml', '.json'].includes(extname(file)) && !file.includes('://'))
    return { compiled, text: await readFile(file, 'utf8'), fileName: basename(file) };
  const { writePipelineYaml } = await import('../../spec/yaml.ts');
  return {
    compiled,
    text: writePipelineYaml(compiled, { header: true }),
    fileName: `${compiled.spec.pipelineInfo.name}.yaml`,
  };
}

function wordsFor({ kind, version, tags }: Upload, uri: string): string {
  const paint = paintFor(process.stdout, process.env);
  const what = kind === 'uploaded' ? paint('green', 'uploaded') : paint('cyan', 'unchanged');
  const why = kind === 'uploaded' ? '' : ': it is there already, and nothing was uploaded';
  return [
    `${paint('bold', version.package)}  ${what} ${version.name}${why}`,
    ...tags.map((tag) => `  ${tagWords(tag)}`),
    uri,
  ].join('\n');
}

/** Says what became of a tag. */
export function tagWords(change: TagChange): string {
  switch (change.kind) {
    case 'added':
      return `tag ${change.tag} -> ${change.version}`;
    case 'moved':
      return `tag ${change.tag} -> ${change.version}, before ${change.from}`;
    case 'kept':
      return `tag ${change.tag} -> ${change.version}, as before`;
  }
}
