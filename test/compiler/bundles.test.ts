import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readIdentity, type ComponentIdentity } from '../../spec/index.ts';
import type { Compilation } from '../../compiler/index.ts';
import { codeDigests, testProject } from './project.ts';

const steps = `import { asset, component, type Int } from 'ferrule';
import sharp from 'sharp';
import { parse } from 'yaml';
import { twice } from './helper.ts';
import { prepare } from './heavy.ts';

const table = prepare('only shrink needs this');

/** Doubles. */
export const double = component({ image: 'a' }, ({ n }: { n: Int }): Int => {
  // a comment
  return twice(n);
});
export const shrink = component({ image: 'b', assets: ['./labels.txt'] }, async ({ file }: { file: string }): Promise<string> => {
  await sharp(file).toBuffer();
  return table + asset('./labels.txt', import.meta.url);
});
export const read = component({ image: 'c' }, ({ text }: { text: string }): Readonly<Record<string, string>>[] => [parse(text)]);
`;

const files = {
  'steps.ts': steps,
  'helper.ts': 'export const twice = (n: number): number => n * 2;\nexport const unused = 1;\n',
  'heavy.ts': 'export const prepare = (name: string): string => { console.log("prepared"); return name; };\n',
  'labels.txt': 'cat\n',
  'pipeline.ts': `import { int, pipeline } from 'ferrule';
import { double, read, shrink } from './steps.ts';
export default pipeline('p', { n: int(3) }, ({ n }) => {
  double({ n });
  shrink({ file: 'x' });
  read({ text: 'a: 1' });
});
`,
};

function changed(before: Compilation, after: Compilation): string[] {
  const [old, now] = [codeDigests(before), codeDigests(after)];
  return Object.keys(now).filter((name) => now[name] !== old[name]);
}

/** Compiles, edits, compiles again, and tells the components whose code digests changed. */
async function changedBy(edits: Readonly<Record<string, string>>): Promise<string[]> {
  const project = testProject(files);
  const before = await project.compile();
  project.write(edits);
  return changed(before, await project.compile());
}

function identities({ compiled }: Compilation): Record<string, ComponentIdentity | undefined> {
  return Object.fromEntries(
    Object.entries(compiled.spec.deploymentSpec.executors ?? {}).map(([label, { container }]) => [
      label.replace('exec-', ''),
      container && readIdentity(container),
    ]),
  );
}

test('an edit of one component changes its code digest, and not that of its siblings in the file', async () => {
  expect(await changedBy({ 'steps.ts': steps.replace('return twice(n)', 'return twice(n) + 1') })).toEqual([
    'double',
  ]);
});

test('a comment, white space and the order of components change nothing', async () => {
  expect(
    await changedBy({ 'steps.ts': steps.replace('// a comment', '// another\n\n  // and more') }),
  ).toEqual([]);
  const [head = '', ...parts] = steps.split('export const ');
  const moved = `${head}export const ${[parts[2], parts[0], parts[1]].join('export const ')}`;
  expect(await changedBy({ 'steps.ts': moved })).toEqual([]);
});

test('a sibling that comes, with names and imports of its own, changes nothing', async () => {
  const more = `import { resolve } from 'node:path';\nconst file = 'n';\nexport const n = component({ image: 'd' }, () => { void resolve(file); });\n`;
  expect(await changedBy({ 'steps.ts': steps + more })).toEqual([]);
});

test('options that say how to run, and the pipeline, change nothing', async () => {
  expect(
    await changedBy({ 'steps.ts': steps.replace("image: 'a'", "image: 'other', memory: '8Gi'") }),
  ).toEqual([]);
  expect(await changedBy({ 'pipeline.ts': files['pipeline.ts'].replace('int(3)', 'int(4)') })).toEqual([]);
});

test('an imported helper changes the components that use what was edited', async () => {
  expect(await changedBy({ 'helper.ts': files['helper.ts'].replace('n * 2', 'n + n') })).toEqual(['double']);
  expect(await changedBy({ 'helper.ts': files['helper.ts'].replace('unused = 1', 'unused = 2') })).toEqual(
    [],
  );
});

test('an asset is part of the code', async () => {
  expect(await changedBy({ 'labels.txt': 'dog\n' })).toEqual(['shrink']);
});

test('a bundle runs by itself, holds no path of this machine, and leaves native packages out', async () => {
  const project = testProject(files);
  const compilation = await project.compile();
  const folders = new Map(compilation.bundles.map(({ component, folder }) => [component, folder]));
  const text = (name: string): string =>
    readFileSync(path.join(folders.get(`steps.ts#${name}`) ?? '', 'bundle.mjs'), 'utf8');
  expect(text('double')).not.toMatch(/sharp|prepare|yaml|comment/);
  expect(text('shrink')).toMatch(/from"sharp"/);
  expect(text('read')).not.toMatch(/from"yaml"|node_modules/);
  for (const name of ['double', 'shrink', 'read']) expect(text(name)).not.toContain(project.root);
  const url = pathToFileURL(path.join(folders.get('steps.ts#double') ?? '', 'bundle.mjs')).href;
  const script = `const { default: c } = await import(${JSON.stringify(url)}); console.log(await c.body({ n: 21 }));`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toBe(
    '42\n',
  );
  expect(readdirSync(path.join(folders.get('steps.ts#shrink') ?? '', 'assets'))).toEqual(['labels.txt']);
});

test('two copies of a project, at different places, give the same document', async () => {
  const [one, other] = [testProject(files), testProject(files)];
  const [first, second] = [await one.compile(), await other.compile()];
  expect(second.compiled).toEqual(first.compiled);
});

test('a warm compile gives what a cold one gave', async () => {
  const project = testProject(files);
  const cold = await project.compile();
  const warm = await project.compile();
  expect(warm.compiled).toEqual(cold.compiled);
  expect(warm.readFiles).toEqual(cold.readFiles);
  expect(cold.readFiles).toContain(path.join(project.root, 'helper.ts'));
});

test('the versions of native packages, and of what they depend on, are in a digest of their own', async () => {
  const project = testProject(files);
  const lock = (sharp: string, inner: string): Record<string, string> => ({
    'package-lock.json': JSON.stringify({
      packages: {
        'node_modules/sharp': {
          version: '1.0.0',
          integrity: sharp,
          optionalDependencies: { '@img/inner': '1' },
        },
        'node_modules/@img/inner': { version: '1.0.0', integrity: inner },
        'node_modules/other': { version: sharp + inner },
      },
    }),
  });
  const natives = async (entries: Record<string, string>) => {
    project.write(entries);
    const all = identities(await project.compile());
    expect(all['double']?.natives).toBeUndefined();
    return all['shrink']?.natives;
  };
  const first = await natives(lock('sha512-a', 'sha512-b'));
  const again = await natives({
    'package-lock.json': `${lock('sha512-a', 'sha512-b')['package-lock.json'] ?? ''}\n`,
  });
  const inner = await natives(lock('sha512-a', 'sha512-c'));
  const outer = await natives(lock('sha512-d', 'sha512-b'));
  expect(again).toBe(first);
  expect(new Set([first, inner, outer]).size).toBe(3);
});

test('the recipe of an image is its Dockerfile and what that copies, apart from the bundle', async () => {
  const project = testProject(files);
  const recipe = async (entries: Record<string, string>) => {
    project.write(entries);
    return identities(await project.compile())['double']?.recipe;
  };
  expect(await recipe({})).toBeUndefined();
  const first = await recipe({
    'Dockerfiles/a.Dockerfile':
      'FROM node:22-slim\nCOPY fonts/ /fonts/\nCOPY --from=build /x /x\nCOPY bundle/ /ferrule/bundle/\n',
    'fonts/one.txt': '1',
  });
  const edited = await recipe({ 'fonts/one.txt': '2' });
  const pin = (base: string, digit: string): string =>
    JSON.stringify({ version: 1, bases: { [base]: `sha256:${digit.repeat(64)}` } });
  const other = await recipe({ 'ferrule.lock': pin('debian:12', '1') });
  const pinned = await recipe({ 'ferrule.lock': pin('node:22-slim', '1') });
  const same = await recipe({ 'bundle/x.txt': 'no part of it' });
  const variant = await recipe({ 'Dockerfiles/a.gpu.Dockerfile': 'FROM node:22-slim\n' });
  expect(new Set([undefined, first, edited, pinned, variant]).size).toBe(5);
  expect(other).toBe(edited);
  expect(same).toBe(pinned);
});

test('the reference of an image may come from an environment variable', async () => {
  const project = testProject({
    ...files,
    'steps.ts': steps.replace("image: 'a'", "image: { name: 'a', uriFrom: 'A_IMAGE_URI' }"),
  });
  const image = async (env: Record<string, string>) => {
    const { compiled } = await project.compile('pipeline.ts', env);
    return compiled.spec.deploymentSpec.executors?.['exec-double']?.container?.image;
  };
  expect(await image({})).toBe('a');
  expect(await image({ A_IMAGE_URI: 'europe-docker.pkg.dev/p/r/a:1' })).toBe('europe-docker.pkg.dev/p/r/a:1');
});

test('a damaged cache is made again', async () => {
  const project = testProject(files);
  const before = await project.compile();
  for (const folder of ['trace', 'interfaces', 'components'])
    for (const name of readdirSync(path.join(project.cacheFolder, folder)))
      if (name.endsWith('.json')) writeFileSync(path.join(project.cacheFolder, folder, name), '{"compiler":');
  expect((await project.compile()).compiled).toEqual(before.compiled);
  expect(existsSync(path.join(project.cacheFolder, 'trace'))).toBe(true);
});
