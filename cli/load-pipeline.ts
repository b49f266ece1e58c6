/** Gets a compiled pipeline from what was named on the command line. */
import { extname } from 'node:path';
import { UserError, type Location } from '../errors/index.ts';
import type { TemplateReference } from '../remotes/ports.ts';
import type { CompiledPipeline } from '../spec/platform-spec.ts';
import type { KfpFlags } from './remotes/open-remotes.ts';
import type { Settings } from './settings.ts';
import { readText } from './read-text.ts';

export interface LoadedPipeline {
  readonly compiled: CompiledPipeline;
  /** The files it was made from: what `--watch` looks at. */
  readonly readFiles: readonly string[];
  /** What is no error and should be known where containers are started from the images. */
  readonly warnings: readonly string[];
  /** Tells where a task was made, by its path; undefined where only the compiled pipeline is at hand. */
  readonly placeOf: (task: string) => Location | undefined;
  /** Where it came from, if that was a store of templates. */
  readonly template?: TemplateReference;
}

/** Compiles a .ts file, reads a compiled spec, or downloads a template: `kfp://` from the KFP that `kfp` names, else from the environment's. */
export async function loadPipeline(
  file: string,
  settings: Settings,
  pipeline: string | undefined,
  kfp: KfpFlags = {},
): Promise<LoadedPipeline> {
  if (/^(https?|kfp):\/\//.test(file)) {
    const { loadTemplate } = await import('./remotes/load-template.ts');
    return loadTemplate(file, settings, kfp);
  }
  switch (extname(file)) {
    case '.ts':
    case '.mts':
    case '.js':
    case '.mjs': {
      const { compilePipeline } = await import('../compiler/index.ts');
      const compilation = await compilePipeline({
        file,
        projectRoot: settings.projectRoot,
        cacheFolder: settings.cacheFolder,
        env: settings.env,
        ...(pipeline !== undefined && { pipeline }),
      });
      return { ...compilation, placeOf: (task) => compilation.sources.placeOf(task) };
    }
    case '.yaml':
    case '.yml':
    case '.json': {
      const { readPipelineDocument } = await import('../spec/pipeline-document.ts');
      const compiled = readPipelineDocument(await readText(file), file);
      return { compiled, readFiles: [file], warnings: [], placeOf: () => undefined };
    }
    default:
      throw new UserError('FER1001', {
        problem: `"${file}" is neither a pipeline's source nor a compiled pipeline`,
        fix: 'name a .ts, .yaml or .json file, or the URI of a template',
      });
  }
}
