import { UserError } from '../../errors/index.ts';
import { backendNotes, compilePipeline } from '../../compiler/index.ts';
import { paintFor } from '../color.ts';
import { writeOutputFile } from '../output-file.ts';
import { resolveSettings } from '../settings.ts';
import { tellWarnings } from '../tell-warnings.ts';

interface CompileOptions {
  readonly output?: string;
  readonly pipeline?: string;
  readonly backend?: string;
}

/** Compiles a pipeline's source to YAML, and says what a chosen backend could not run. */
export async function compileCommand(file: string, options: CompileOptions): Promise<void> {
  const backend = backendOf(options.backend);
  const settings = resolveSettings(file, undefined);
  const { compiled, warnings } = await compilePipeline({
    file,
    projectRoot: settings.projectRoot,
    cacheFolder: settings.cacheFolder,
    env: settings.env,
    ...(options.pipeline !== undefined && { pipeline: options.pipeline }),
  });
  const { writePipelineYaml } = await import('../../spec/yaml.ts');
  const yaml = writePipelineYaml(compiled);
  const output = options.output ?? file.replace(/\.[^./]+$/, '.yaml');
  if (output === '-') process.stdout.write(yaml);
  else {
    await writeOutputFile(output, yaml);
    process.stderr.write(`${compiled.spec.pipelineInfo.name} -> ${output}\n`);
  }
  const paint = paintFor(process.stderr, process.env);
  tellWarnings(warnings);
  const notes = backend === undefined ? [] : backendNotes(compiled, backend, Buffer.byteLength(yaml));
  for (const note of notes)
    process.stderr.write(`${paint('yellow', `${backend}`)}: ${note.task}: ${note.reason}\n`);
  if (backend !== undefined && notes.length === 0) process.stderr.write(`${backend} can run all of it\n`);
}

function backendOf(text: string | undefined): 'kfp' | 'vertex' | undefined {
  if (text === undefined || text === 'kfp' || text === 'vertex') return text;
  throw new UserError('FER1002', {
    problem: `"${text}" is no backend that is known`,
    fix: 'write kfp or vertex',
  });
}
