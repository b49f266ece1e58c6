import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { JsonValue, PipelineSpec } from '../../spec/index.ts';
import { backendNotes } from '../../compiler/index.ts';
import { testProject } from './project.ts';

function constantsOf({ root }: PipelineSpec): Record<string, JsonValue | undefined> {
  return Object.fromEntries(
    Object.entries(root.dag?.tasks ?? {}).map(([name, { inputs }]) => [
      name,
      inputs?.parameters?.['text']?.runtimeValue?.constant,
    ]),
  );
}

test('code of the pipeline that has nothing to do with Refs runs as it is written', async () => {
  const project = testProject({
    'names.ts': `export function describe(n: number | undefined, flag: boolean): string {
  let text = n === undefined ? 'none' : n! > 3 && flag || n === 1 ? 'big' : 'small';
  for (let i = 0; i < 2 && !(!flag); i++) text += \`-\${i % 2 === 0 ? 'even' : "odd"}\`;
  do { text += '!'; } while (text.length < 3 ? true : false);
  switch (typeof n as string) { case 'number': text += n! + 1; break; default: text += -(n ?? 5); }
  const o: { a?: { b: number } } = flag ? { a: { b: 2 ** 3 ** 1 } } : {};
  text += o?.a?.b ?? 'x'; text += ('a' in o) || o instanceof Object; text += ~~(7 / 2) << 1;
  while (text.endsWith('!') && (text = text.slice(0, -1)));
  return text;
}
export const place = new URL('.', import.meta.url).pathname;
`,
    'steps.ts': `import { component } from 'ferrule';
import heavy from 'a-package-that-is-not-there';
export const step = component({ image: 'a' }, ({ text }: { text: string }) => { if (text === 'x' && text) heavy(text); });
`,
    'pipeline.ts': `import { int, pipeline } from 'ferrule';
import { step } from './steps.ts';
import { describe, place } from './names.ts';
const plus = int(3) + 1;
export default pipeline('p', {}, () => {
  for (const n of [undefined, 1, 2, 4]) for (const flag of [true, false]) step({ text: describe(n, flag) });
  step({ text: String(plus) });
  step({ text: place.split('/').length > 2 ? 'a place' : 'none' });
});
`,
  });
  // The package that the body imports is missing: a trace must not look for it, a bundle must.
  await expect(project.compile()).rejects.toThrow('"a-package-that-is-not-there" does not resolve');
  project.write({
    'steps.ts': `import { component } from 'ferrule';
export const step = component({ image: 'a' }, ({ text }: { text: string }) => { if (text === 'x' && text) console.log(text); });
`,
  });
  const { compiled } = await project.compile();
  expect(Object.values(constantsOf(compiled.spec))).toEqual([
    'none-even-odd!-58true6',
    'none!-5xtrue6',
    'big-even-odd!28true6',
    'big!2xtrue6',
    'small-even-odd!38true6',
    'small!3xtrue6',
    'big-even-odd!58true6',
    'small!5xtrue6',
    '4',
    'a place',
  ]);
});

test('tasks are made by loops, functions and conditions on plain values', async () => {
  const { compiled } = await testProject({
    'pipeline.ts': `import { component, pipeline, type Component } from 'ferrule';
export const step = component({ image: 'a' }, ({ text }: { text: string }): string => text);
const chain = (words: string[]) => words.reduce((last, word) => step({ text: \`\${last} \${word}\` }).outputs.Output as any, 'start');
export default pipeline('p', { deep: 'x' }, ({ deep }) => {
  if (process.env['NEVER_SET_IN_A_TEST'] === undefined) chain(['a', 'b']);
  step({ text: deep }, { name: 'Last One' });
});
`,
  }).compile();
  expect(Object.keys(compiled.spec.root.dag?.tasks ?? {})).toEqual(['step', 'step-2', 'last-one']);
  expect(constantsOf(compiled.spec)['step-2']).toBe(
    "{{$.inputs.parameters['pipelinechannel--step-Output']}} b",
  );
});

test('names that KFP would number are numbered the same, whatever was named by hand', async () => {
  const { compiled } = await testProject({
    'pipeline.ts': `import { component, pipeline } from 'ferrule';
export const step = component({ image: 'a' }, () => {});
export default pipeline('p', {}, () => {
  step({}, { name: 'step-2' });
  step({});
  step({});
  step({});
});
`,
  }).compile();
  expect(Object.keys(compiled.spec.root.dag?.tasks ?? {})).toEqual(['step-2', 'step', 'step-3', 'step-4']);
});

test('several compiles at once in one process do not see each other', async () => {
  const text = (name: string): string => `import { component, pipeline } from 'ferrule';
await new Promise((resolve) => setTimeout(resolve, 20));
export const step = component({ image: 'a' }, ({ text }: { text?: string }) => {});
export default pipeline('${name}', { flag: true }, ({ flag }) => { if (${name === 'p1' ? 'flag' : 'true'}) step({ text: '${name}' }); });
`;
  const names = ['p0', 'p1', 'p2'];
  const results = await Promise.allSettled(
    names.map((name) => testProject({ 'pipeline.ts': text(name) }).compile()),
  );
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: { errors: [{ code: 'FER2008' }] } });
});

test('a place is told for each task', async () => {
  const { sources } = await testProject({
    'pipeline.ts': `import { component, pipeline } from 'ferrule';
export const step = component({ image: 'a' }, () => {});
export default pipeline('p', {}, () => {
  step({}); step({});
});
`,
  }).compile();
  expect(sources.placeOf('step')).toMatchObject({ file: 'pipeline.ts', line: 4, column: 3 });
  expect(sources.placeOf('step-2')).toMatchObject({
    line: 4,
    column: 13,
    sourceLine: '  step({}); step({});',
  });
  expect(sources.placeOf('nothing')).toBeUndefined();
});

test('a task of a pipeline that is a task has its place by its path', async () => {
  const { sources, compiled } = await testProject({
    'pipeline.ts': `import { component, pipeline } from 'ferrule';
export const step = component({ image: 'a' }, () => {});
export const inner = pipeline('inner', {}, () => { step({}); });
export default pipeline('p', {}, () => {
  step({}); inner({}); inner({});
});
`,
  }).compile();
  expect(sources.placeOf('inner-2/step')).toMatchObject({ line: 3, column: 52 });
  expect(sources.placeOf('inner-2')).toMatchObject({ line: 5, column: 24 });
  expect(backendNotes(compiled, 'kfp', 1000).map(({ task }) => task)).toEqual([
    'step',
    'inner/step',
    'inner-2/step',
  ]);
  expect(Object.keys(compiled.spec.components ?? {}).sort()).toEqual([
    'comp-inner', 'comp-inner-2', 'comp-step', 'comp-step-2', 'comp-step-3',
  ]); // prettier-ignore
});

test('one of several pipelines is chosen by its export name', async () => {
  const project = testProject({
    'pipeline.ts': `import { component, pipeline } from 'ferrule';
export const step = component({ image: 'a' }, () => {});
export const one = pipeline('one', {}, () => { step({}); });
export const two = pipeline('two', {}, () => { step({}); });
`,
  });
  const { compilePipeline } = await import('../../compiler/index.ts');
  const request = {
    file: `${project.root}/pipeline.ts`,
    projectRoot: project.root,
    cacheFolder: project.cacheFolder,
    env: {},
  };
  const { compiled } = await compilePipeline({ ...request, pipeline: 'two' });
  expect(compiled.spec.pipelineInfo.name).toBe('two');
  await expect(compilePipeline({ ...request, pipeline: 'three' })).rejects.toThrow(
    'no pipeline is exported as "three"',
  );
});

test('whether a Ref was given at all may be asked', async () => {
  const { compiled } = await testProject({
    'pipeline.ts': `import { component, pipeline, type Ref } from 'ferrule';
export const step = component({ image: 'a' }, (i: { text?: string }): string => 'x');
const add = (text?: Ref<string>) => (text === undefined || null == text ? step({}) : step({ text }));
export default pipeline('p', { p: 'x' }, ({ p }) => { add(p); add(); });
`,
  }).compile();
  expect(Object.values(compiled.spec.root.dag?.tasks ?? {}).map(({ inputs }) => inputs)).toEqual([
    { parameters: { text: { componentInputParameter: 'p' } } },
    undefined,
  ]);
});

test('what only bodies use is not worked out by a trace, and import.meta tells of the file as it lies', async () => {
  const { compiled } = await testProject({
    'pipeline.ts': `import { readdirSync } from 'node:fs';
import { component, pipeline } from 'ferrule';
const key = process.env['NEVER_SET_IN_A_TEST']!.length + 1;
const folder = import.meta.dirname;
export const step = component({ image: 'a' }, (i: { text?: string }): string => String(key));
export default pipeline('p', {}, () => {
  for (const text of readdirSync(folder).filter((name) => name.endsWith('.ts'))) step({ text });
  step({ text: import.meta.filename.split('/').at(-1) });
});
`,
  }).compile();
  expect(Object.values(constantsOf(compiled.spec))).toEqual(['pipeline.ts', 'pipeline.ts']);
});

test('components of a package of the workspace are sources like any other', async () => {
  const project = testProject({
    'packages/steps/package.json':
      '{ "name": "@my/steps", "type": "module", "exports": { ".": "./index.ts", "./half.ts": "./half.ts" } }',
    'packages/steps/index.ts': `export { fit } from './fit.ts';`,
    'packages/steps/fit.ts': `import { component } from 'ferrule';\nimport type { Inputs } from './inputs.ts';\nexport const fit = component({ image: 'a' }, (i: Inputs) => {});`,
    'packages/steps/inputs.ts': 'export interface Inputs { rate?: number }',
    'packages/steps/half.ts': `export const half = (): string => 'half of it';`,
    'packages/app/direct.ts': `import { component, pipeline } from 'ferrule';\nimport { half } from '@my/steps/half.ts';\nexport const step = component({ image: 'a' }, (): string => half());\nexport default pipeline('p', {}, () => { step(); });`,
    'packages/app/pipeline.ts': `import { pipeline } from 'ferrule';\nimport { fit } from '@my/steps';\nexport default pipeline('p', {}, () => { fit({ rate: 1 }); });`,
  });
  project.link('packages/app/node_modules/@my/steps', 'packages/steps');
  const { bundles } = await project.compile('packages/app/pipeline.ts');
  expect(bundles.map(({ component }) => component)).toEqual(['packages/steps/fit.ts#fit']);
  const again = await project.compile('packages/app/direct.ts');
  expect(readFileSync(path.join(again.bundles[0]?.folder ?? '', 'bundle.mjs'), 'utf8')).toContain(
    'half of it',
  );
});
