import { extname } from 'node:path';
import { UserError } from '../../errors/index.ts';
import type { CompiledPipeline } from '../../spec/platform-spec.ts';
import { loadPipeline } from '../load-pipeline.ts';
import { writeOutputFile } from '../output-file.ts';
import { resolveSettings } from '../settings.ts';
import { tellBackendNotes, type Backend } from '../tell-backend-notes.ts';
import { tellWarnings } from '../tell-warnings.ts';

interface CompileOptions {
  readonly output?: string;
  readonly pipeline?: string;
  readonly backend?: string;
  readonly kubernetesManifest?: boolean;
  readonly includePipeline?: boolean;
  readonly namespace?: string;
}

/**
 * Compiles a pipeline's source to a document of KFP's, or reads such a document and writes it anew; says what a chosen backend could not
 * run. A document that is only read (no -o) is checked, and nothing is written.
 */
export async function compileCommand(file: string, options: CompileOptions): Promise<void> {
  const backend = backendOf(options.backend);
  checkManifestOptions(options);
  const settings = resolveSettings(file, undefined);
  const { compiled, warnings, placeOf } = await loadPipeline(file, settings, options.pipeline);
  const output = options.output ?? (isDocument(file) ? undefined : file.replace(/\.[^./]+$/, '.yaml'));
  const text = await documentText(compiled, output ?? file, options);
  const { name } = compiled.spec.pipelineInfo;
  if (output === '-') process.stdout.write(text);
  else if (output === undefined) process.stderr.write(`${name}: ${file} is sound (-o writes it anew)\n`);
  else {
    await writeOutputFile(output, text);
    process.stderr.write(`${name} -> ${output}\n`);
  }
  tellWarnings(warnings);
  if (backend !== undefined) await tellBackendNotes(compiled, backend, Buffer.byteLength(text), placeOf);
}

function isDocument(file: string): boolean {
  return ['.yaml', '.yml', '.json'].includes(extname(file));
}

async function documentText(
  compiled: CompiledPipeline,
  output: string,
  options: CompileOptions,
): Promise<string> {
  const { writePipelineManifest, writePipelineYaml } = await import('../../spec/yaml.ts');
  if (options.kubernetesManifest === true) return writePipelineManifest(compiled, options);
  if (!output.endsWith('.json')) return writePipelineYaml(compiled, { header: true });
  if (compiled.platform !== undefined)
    throw new UserError('FER1002', {
      problem: 'a JSON file holds one document, and this pipeline has settings of a platform in a second one',
      fix: 'write a .yaml file',
    });
  const { canonicalJson } = await import('../../spec/json.ts');
  return `${JSON.stringify(JSON.parse(canonicalJson(compiled.spec)), null, 2)}\n`;
}

function checkManifestOptions({ kubernetesManifest, includePipeline, namespace }: CompileOptions): void {
  if (kubernetesManifest === true || (includePipeline !== true && namespace === undefined)) return;
  throw new UserError('FER1002', {
    problem: `${includePipeline === true ? '--include-pipeline' : '--namespace'} is about Kubernetes manifests`,
    fix: 'add --kubernetes-manifest',
  });
}

function backendOf(text: string | undefined): Backend | undefined {
  if (text === undefined || text === 'kfp' || text === 'vertex') return text;
  throw new UserError('FER1002', {
    problem: `"${text}" is no backend that is known`,
    fix: 'write kfp or vertex',
  });
}
