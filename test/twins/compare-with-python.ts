/** Compiles pipelines with Ferrule and their twins with the real KFP, and tells how the messages differ. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compilePipeline } from '../../compiler/index.ts';
import type { PipelineSpec } from '../../spec/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { kfpPython } from '../counterparts.ts';

const root = path.join(import.meta.dirname, '..', '..');

export interface Pair {
  readonly name: string;
  readonly file: string;
  /** The twin; null where there is none, and the document must only parse. */
  readonly python: string | null;
}

export interface Compared {
  /** Empty where both messages are equal; else what differs, or why there is no message. */
  readonly difference: string;
  /** What Ferrule itself finds wrong with its document; empty where it is sound. */
  readonly faults: string;
  /** Undefined where Ferrule refuses the pipeline. */
  readonly spec: PipelineSpec | undefined;
}

/** Lists the pairs of a folder: its folders with a pipeline.py. */
export function pairsIn(folder: string): Pair[] {
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'pipeline.py')))
    .map((name) => ({
      name,
      file: path.join(folder, name, 'pipeline.ts'),
      python: path.join(folder, name, 'pipeline.py'),
    }));
}

/** Compiles both sides of all pairs. One that fails does not hide the others. */
export async function compareWithPython(pairs: readonly Pair[]): Promise<ReadonlyMap<string, Compared>> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'ferrule-twins-'));
  const compared = new Map<string, Compared>();
  const specs = new Map<string, { readonly spec: PipelineSpec; readonly faults: string }>();
  const requests: object[] = [];
  for (const { name, file, python } of pairs)
    try {
      const { compiled } = await compilePipeline({
        file,
        projectRoot: root,
        cacheFolder: path.join(scratch, 'cache'),
        env: {},
      });
      const document = path.join(scratch, `${name}.yaml`);
      const text = writePipelineYaml(compiled);
      writeFileSync(document, text);
      specs.set(name, { spec: compiled.spec, faults: faultsOf(text) });
      requests.push({ name, python, document });
    } catch (error) {
      compared.set(name, { difference: String(error), faults: '', spec: undefined });
    }
  const output = execFileSync(kfpPython ?? '', [path.join(import.meta.dirname, 'compare.py')], {
    input: JSON.stringify(requests),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const differences = JSON.parse(output) as Readonly<Record<string, string>>;
  for (const [name, difference] of Object.entries(differences))
    compared.set(name, { faults: '', spec: undefined, ...specs.get(name), difference });
  return compared;
}

function faultsOf(document: string): string {
  try {
    readPipelineDocument(document, 'compiled.yaml');
    return '';
  } catch (error) {
    return String(error);
  }
}
