// npm run bench -- photographs FOLDER [fine-tuned blocks]
// The whole pipeline on real photographs (one folder a class), and beside it scikit-learn, numpy and PyTorch on the
// very features and split that the pipeline used. FERRULE_ORACLE_PYTHON names a Python with scikit-learn and numpy.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { artifact } from 'ferrule';
import type { RunResult } from '../../cli/result.ts';
import { loadBackbone, splitBackbone } from '../../components/train/backbone.ts';
import { extractFeatures } from '../../components/train/features.ts';
import { listPhotographs } from '../../components/train/photographs.ts';
import { viewsOf } from '../../components/train/views.ts';

const [folder, blocks = '0'] = process.argv.slice(2);
if (folder === undefined) {
  console.error('name a folder of photographs, one folder a class');
  process.exit(1);
}
const scratch = mkdtempSync(join(tmpdir(), 'photographs-'));
const program = (name: string): string => new URL(`../../${name}`, import.meta.url).pathname;

/** Runs the pipeline once, with nothing in the cache. */
function runPipeline(): { readonly seconds: number; readonly result: RunResult } {
  const parameters = [`data_bucket=${resolve(folder ?? '')}`, `fine_tune_blocks=${blocks}`];
  const args = ['run', program('pipeline.ts'), '--root', join(scratch, 'root'), '--json'];
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program('bin/ferrule.mjs'), ...args, ...parameters.flatMap((text) => ['-p', text])],
    { encoding: 'utf8', maxBuffer: 1e8 },
  );
  if (status !== 0) throw new Error(stderr);
  return { seconds: (performance.now() - start) / 1000, result: JSON.parse(stdout) as RunResult };
}

/** Where data_prep put one part of the split. */
function partOf(result: RunResult, name: string): string {
  const value = result.tasks.find((task) => task.name === 'data-prep')?.outputs[name];
  if (typeof value !== 'object' || value === null || !('uri' in value) || typeof value.uri !== 'string')
    throw new Error(`no output "${name}"`);
  return value.uri;
}

/** Writes the features of the training and test photographs, one view each, for the peers. */
async function writeFeatures(result: RunResult): Promise<number> {
  const { train, validation: test } = await listPhotographs(
    artifact(partOf(result, 'train')),
    artifact(partOf(result, 'test')),
  );
  const backbone = await loadBackbone('builtin:efficientnet-lite0', scratch);
  const { frozen } = splitBackbone(backbone, 0);
  const start = performance.now();
  for (const [name, photographs] of Object.entries({ train, test })) {
    const signal = new AbortController().signal;
    const views = (): ReturnType<typeof viewsOf> => viewsOf(false, 0, 0);
    const features = await extractFeatures(photographs, { backbone, frozen, provider: 'cpu', views, signal });
    const [width = 0] = features.dims;
    const rows = new Float32Array(photographs.length * width);
    for (const index of photographs.keys()) rows.set(features.at(index, 0), index * width);
    writeFileSync(join(scratch, `${name}.f32`), rows);
    writeFileSync(
      join(scratch, `${name}.u8`),
      Uint8Array.from(photographs, ({ label }) => label),
    );
  }
  return (performance.now() - start) / 1000;
}

try {
  const { seconds, result } = runPipeline();
  const { accuracy, f1 } = result.outputs as Record<string, number>;
  console.log(
    `the pipeline, ${blocks} blocks fine-tuned: accuracy ${accuracy?.toFixed(4)}, F1 ${f1?.toFixed(4)}, ${seconds.toFixed(1)} s`,
  );
  for (const task of result.tasks)
    console.log(
      `  ${task.name.padEnd(10)} ${((Date.parse(task.endedAt ?? '') - Date.parse(task.startedAt ?? '')) / 1000).toFixed(1)} s`,
    );
  const extraction = await writeFeatures(result);
  console.log(`the same features, one view a photograph: ${extraction.toFixed(1)} s; on them:`);
  const python = process.env['FERRULE_ORACLE_PYTHON'] ?? 'python3';
  const peers = spawnSync(python, [program('bench/photographs/peers.py'), scratch], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.exitCode = peers.status ?? 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
