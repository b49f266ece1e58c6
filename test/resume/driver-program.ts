/** The program that drives runs in a process of its own, to be killed, and what its tasks do. */
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Digest } from '../../spec/index.ts';
import type { TaskDraft } from '../engine/pipelines.ts';
import type { BundleFolder } from '../runners/components.ts';

/** Builds it beside the other built programs: workers are found from there. */
export async function buildDriver(name: string): Promise<string> {
  const program = resolve(import.meta.dirname, '../../dist/test-driver', `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, 'driver.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  });
  return program;
}

/** Makes a component that says its name, and adds it to what the task before it wrote. */
export function addStep(bundles: BundleFolder): Promise<Digest> {
  return bundles.add(
    `async ({ name, before }, out) => {
      console.log('step ' + name);
      await new Promise((done) => setTimeout(done, 30));
      writeFileSync(out.data.path, (before === undefined ? '' : readFileSync(before.path, 'utf8')) + name);
      return name;
    }`,
    `import { readFileSync, writeFileSync } from 'node:fs'`,
  );
}

export function stepTask(step: Digest, name: string, before?: string): TaskDraft {
  return {
    code: step,
    runs: 'step',
    parameters: { name: { constant: name } },
    ...(before !== undefined && { artifacts: { before: `${before}.data` } }),
    returns: { Output: 'STRING' },
    writes: { data: 'system.Dataset' },
  };
}
