import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecutorOutput } from '../../spec/index.ts';
import { writePictures } from '../components/small-pictures.ts';
import { startIn } from '../cli/project.ts';
import { dockerEngine } from '../counterparts.ts';
import {
  buildPrograms,
  filesOf,
  ownRepository,
  removeImages,
  runImage,
  type ImageResult,
} from './project.ts';

const root = resolve(import.meta.dirname, '..', '..');
const repository = ownRepository();
const folder = mkdtempSync(join(tmpdir(), 'ferrule-flagship-'));

async function build(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<ImageResult> {
  const called = await startIn(root, ['build', '--json', ...args], env).ended;
  if (called.status !== 0) throw new Error(called.stderr);
  const [image] = (JSON.parse(called.stdout) as { readonly images: readonly ImageResult[] }).images;
  if (image === undefined) throw new Error('no image was built');
  return image;
}

describe.skipIf(dockerEngine === undefined)('the images of the flagship', { timeout: 300_000 }, () => {
  beforeAll(buildPrograms);
  afterAll(async () => {
    await removeImages(repository);
    rmSync(folder, { recursive: true });
  });

  it('splits photographs in the image of data_prep, whose packages are sharp and what it needs here', async () => {
    const image = await build({ PREP_DATA_DOCKER_URI: `${repository}/data_prep:1` }, 'data_prep');
    const files = await filesOf(image.id, '/ferrule/node_modules');
    const packages = new Set(
      files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?(?!\.)[^/]+)\//.exec(file)?.[1] ?? []),
    );
    const { arch } = process;
    expect(packages).toEqual(
      new Set([
        '@img/colour',
        `@img/sharp-libvips-linux-${arch}`,
        `@img/sharp-linux-${arch}`,
        'detect-libc',
        'semver',
        'sharp',
      ]),
    );

    await writePictures(join(folder, 'pictures'), 6);
    const out = join(folder, 'out');
    mkdirSync(out);
    chmodSync(out, 0o777);
    chmodSync(folder, 0o755);
    const artifact = (name: string, schemaTitle: string) => ({
      artifacts: [{ name, uri: `/out/${name}`, type: { schemaTitle } }],
    });
    const input = {
      inputs: { parameterValues: { bucket: '/pictures', seed: 1 } },
      outputs: {
        parameters: Object.fromEntries(
          ['images', 'classes', 'leftOut'].map((name) => [name, { outputFile: `/out/${name}.txt` }]),
        ),
        artifacts: {
          train: artifact('train', 'system.Dataset'),
          validation: artifact('validation', 'system.Dataset'),
          test: artifact('test', 'system.Dataset'),
          report: artifact('report', 'system.HTML'),
          metrics: artifact('metrics', 'system.Metrics'),
        },
        outputFile: '/out/output.json',
      },
    };
    const args = ['--executor_input', JSON.stringify(input), '--function_to_execute', 'dataPrep'];
    const ended = await runImage(
      image.id,
      [...args, '--code', image.components[0]?.code ?? ''],
      [`${join(folder, 'pictures')}:/pictures:ro`, `${out}:/out`],
    );
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    const output = JSON.parse(readFileSync(join(out, 'output.json'), 'utf8')) as ExecutorOutput;
    expect(output.parameterValues).toEqual({ images: 18, classes: ['blue', 'green', 'red'], leftOut: 0 });
    expect(existsSync(join(out, 'train', 'blue'))).toBe(true);
  });

  it('drives runs in the runtime image, which has no packages beside its two programs', async () => {
    const image = await build({ FERRULE_IMAGE: `${repository}/ferrule:1` }, '--runtime');
    expect(image).toMatchObject({ reference: `${repository}/ferrule:1`, components: [] });
    expect(await filesOf(image.id, '/ferrule')).toEqual([
      'ferrule/ferrule.mjs',
      'ferrule/launch.mjs',
      'ferrule/package.json',
    ]);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await runImage(image.id, ['--version'])).toEqual({
      status: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
    expect((await runImage(image.id, ['resume', '--help'])).stdout).toMatch(/^Usage: ferrule resume/);
    mkdirSync(join(folder, 'root'));
    const resumed = await runImage(
      image.id,
      ['resume', 'x', '--root', '/root-of-runs'],
      [`${join(folder, 'root')}:/root-of-runs`],
    );
    // It gets as far as the list of runs: no package that it lacks is asked for.
    expect(resumed).toMatchObject({ status: 1, stdout: '' });
    expect(resumed.stderr).toMatch(/^FER1003 {2}there is no run "x" under this root/);
  });
});
