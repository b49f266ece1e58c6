import { expect, test } from 'vitest';
import type { ComponentSpec } from '../../spec/index.ts';
import { testProject } from './project.ts';

/** Compiles one component called `step`, which nothing is given, and tells its definitions. */
async function definitionsOf(
  declaration: string,
  files: Readonly<Record<string, string>> = {},
): Promise<ComponentSpec | undefined> {
  const project = testProject({
    'steps.ts': `import { component, type Artifact, type Dataset, type Int, type JsonValue, type Model, type TaskContext } from 'ferrule';\n${declaration}`,
    'pipeline.ts': `import { pipeline } from 'ferrule';\nimport { step } from './steps.ts';\nexport default pipeline('p', {}, () => { (step as any)({}); });`,
    ...files,
  });
  const { compiled } = await project.compile();
  return compiled.spec.components?.['comp-step'];
}

test('an interface written inline, as an interface and as an alias is the same', async () => {
  const members = '{ readonly text?: string; n?: Int }';
  const inline = await definitionsOf(`export const step = component({ image: 'a' }, (i: ${members}) => {});`);
  const named = await definitionsOf(
    `interface Inputs ${members}\nexport const step = component({ image: 'a' }, (i: Inputs) => {});`,
  );
  const alias = await definitionsOf(
    `type Text = string;\ntype Inputs = { text?: Text } & { n?: Int };\nexport const step = component({ image: 'a' }, (i: Readonly<Inputs>) => {});`,
  );
  expect(inline?.inputDefinitions).toEqual({
    parameters: {
      text: { parameterType: 'STRING', isOptional: true },
      n: { parameterType: 'NUMBER_INTEGER', isOptional: true },
    },
  });
  expect(named).toEqual(inline);
  expect(alias).toEqual(inline);
});

test('interfaces and their parts may be imported, renamed and passed on by another file', async () => {
  const step = await definitionsOf(
    `import type { Inputs as Given } from './types/index.js';\nexport const step = component({ image: 'a' }, (i: Given) => {});`,
    {
      'types/index.ts': `export * from './inputs.ts';\nexport { type Unused } from './inputs.ts';`,
      'types/inputs.ts': `import type { Mode } from './mode';\nexport interface Unused {}\ninterface Base { mode?: Mode }\nexport interface Inputs extends Base { rate?: number }`,
      'types/mode.ts': `export type Mode = 'head' | 'full';`,
    },
  );
  expect(step?.inputDefinitions?.parameters).toEqual({
    mode: { parameterType: 'STRING', isOptional: true },
    rate: { parameterType: 'NUMBER_DOUBLE', isOptional: true },
  });
});

test('artifacts are known by their schema titles, also those of interfaces that extend one, and in lists', async () => {
  const step = await definitionsOf(`
    interface Sketch extends Artifact<'acme.Sketch', '2.0.0'> { readonly extra: string }
    interface Fine extends Sketch {}
    type Picture = Artifact<'acme.Picture'>;
    export const step = component({ image: 'a' }, (i: { data?: readonly Dataset[]; some?: Array<Model>; any?: Artifact }, out: { sketch: Fine; picture: Picture }, context: TaskContext) => {});`);
  expect(step?.inputDefinitions?.artifacts).toEqual({
    data: {
      artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' },
      isArtifactList: true,
      isOptional: true,
    },
    some: {
      artifactType: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' },
      isArtifactList: true,
      isOptional: true,
    },
    any: { artifactType: { schemaTitle: 'system.Artifact', schemaVersion: '0.0.1' }, isOptional: true },
  });
  expect(step?.outputDefinitions?.artifacts).toEqual({
    sketch: { artifactType: { schemaTitle: 'acme.Sketch', schemaVersion: '2.0.0' } },
    picture: { artifactType: { schemaTitle: 'acme.Picture', schemaVersion: '0.0.1' } },
  });
});

test('generics, Omit, Partial and mapped types go through the type checker', async () => {
  const step = await definitionsOf(`
    interface All { readonly epochs: Int; readonly rate: number; readonly data: Dataset; readonly gone: Date; readonly mode: 'a' | 'b'; readonly names: readonly string[]; readonly flag: boolean; readonly deep: { readonly n: Int; readonly s?: string } }
    type Wrapped<T> = { [K in keyof T]?: T[K] };
    interface Result<T> { readonly value: T; readonly count: Int }
    export const step = component({ image: 'a' }, ({ rate = 0.5 }: Wrapped<Omit<All, 'gone'>>, out: Pick<{ model: Model; data: Dataset }, 'model'>): Promise<Result<number>> => { throw new Error(); });`);
  expect(step).toEqual({
    executorLabel: 'exec-step',
    inputDefinitions: {
      parameters: {
        epochs: { parameterType: 'NUMBER_INTEGER', isOptional: true },
        rate: { parameterType: 'NUMBER_DOUBLE', isOptional: true, defaultValue: 0.5 },
        mode: { parameterType: 'STRING', isOptional: true },
        names: { parameterType: 'LIST', isOptional: true },
        flag: { parameterType: 'BOOLEAN', isOptional: true },
        deep: { parameterType: 'STRUCT', isOptional: true },
      },
      artifacts: {
        data: { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' }, isOptional: true },
      },
    },
    outputDefinitions: {
      parameters: { value: { parameterType: 'NUMBER_DOUBLE' }, count: { parameterType: 'NUMBER_INTEGER' } },
      artifacts: { model: { artifactType: { schemaTitle: 'system.Model', schemaVersion: '0.0.1' } } },
    },
  });
});

test('what a component returns are its output parameters: a field each, or one called Output', async () => {
  const outputs = async (returns: string) =>
    (
      await definitionsOf(`interface Done { readonly a: Int; readonly b: string[] }
      export const step = component({ image: 'a' }, async (): ${returns} => { throw new Error(); });`)
    )?.outputDefinitions;
  expect(await outputs('Promise<void>')).toBeUndefined();
  expect(await outputs('Promise<Done>')).toEqual({
    parameters: { a: { parameterType: 'NUMBER_INTEGER' }, b: { parameterType: 'LIST' } },
  });
  expect(await outputs('Promise<boolean>')).toEqual({ parameters: { Output: { parameterType: 'BOOLEAN' } } });
  expect(await outputs("Promise<'x' | 'y'>")).toEqual({
    parameters: { Output: { parameterType: 'STRING' } },
  });
});

test('the body may be a function of the file, and defaults may be its consts', async () => {
  const step = await definitionsOf(`
    const size = 3;
    async function run({ n = size, list = ['a'], m: renamed = -1 }: { n?: Int; list?: string[]; m?: Int }) {}
    export const step = component({ image: 'a' }, run);`);
  expect(step?.inputDefinitions?.parameters).toEqual({
    n: { parameterType: 'NUMBER_INTEGER', isOptional: true, defaultValue: 3 },
    list: { parameterType: 'LIST', isOptional: true, defaultValue: ['a'] },
    m: { parameterType: 'NUMBER_INTEGER', isOptional: true, defaultValue: -1 },
  });
});

test('a component is known by its file and export: renamed imports and re-exports lead to it', async () => {
  const project = testProject({
    'steps.ts': `import { component } from 'ferrule';\nconst inner = component({ image: 'a' }, () => {});\nexport { inner as trainModel };`,
    'index.ts': `export { trainModel as fit } from './steps.ts';`,
    'pipeline.ts': `import { pipeline } from 'ferrule';\nimport { fit as go } from './index.ts';\nexport default pipeline('p', {}, () => { go({}); });`,
  });
  const { bundles, compiled } = await project.compile();
  expect(bundles.map(({ component }) => component)).toEqual(['steps.ts#trainModel']);
  expect(Object.keys(compiled.spec.root.dag?.tasks ?? {})).toEqual(['train-model']);
});

test('an edit of the file itself is seen where it may matter, in signatures, consts and bodies without a return type', async () => {
  const file = (text: string): Record<string, string> => ({
    'pipeline.ts': `import { component, pipeline } from 'ferrule';\n${text}\nexport default pipeline('p', {}, () => { step({}); });`,
  });
  const step =
    'const one = 1;\nexport const step = component({ image: "a" }, async ({ n = one }: { n?: number }): Promise<number> => { return 1; });';
  const project = testProject(file(step));
  const definitions = async (): Promise<string> =>
    JSON.stringify((await project.compile()).compiled.spec.components?.['comp-step']);
  const first = await definitions();
  project.write(file(step.replace('return 1', 'return 2')));
  expect(await definitions()).toBe(first);
  project.write(file(step.replace('one = 1', 'one = 2')));
  expect(await definitions()).not.toBe(first);
  project.write(file(step.replace('Promise<number>', 'Promise<string>')));
  expect(await definitions()).toContain('STRING');
  project.write(file(step.replace(': Promise<number> =>', ' =>')));
  await expect(project.compile()).rejects.toThrow('FER2011');
  project.write(file(step));
  expect(await definitions()).toBe(first);
});

test('an edit of an imported interface is seen, through the cache', async () => {
  const project = testProject({
    'types.ts': `export interface Inputs { a?: string }`,
    'steps.ts': `import { component } from 'ferrule';\nimport type { Inputs } from './types.ts';\nexport const step = component({ image: 'a' }, (i: Inputs) => {});`,
    'pipeline.ts': `import { pipeline } from 'ferrule';\nimport { step } from './steps.ts';\nexport default pipeline('p', {}, () => { step({}); });`,
  });
  const names = async (): Promise<string[]> => {
    const { compiled } = await project.compile();
    return Object.keys(compiled.spec.components?.['comp-step']?.inputDefinitions?.parameters ?? {});
  };
  expect(await names()).toEqual(['a']);
  project.write({ 'types.ts': `export interface Inputs { b?: string }` });
  expect(await names()).toEqual(['b']);
});

test('types that are computed of others, enums and aliases of promises say what they say to TypeScript', async () => {
  const step = await definitionsOf(`
    const modes = ['head', 'full'] as const;
    enum Kind { One = 'one', Two = 'two' }
    interface Sizes { small: 1; large: 2 }
    type Result = Promise<{ rows: Int }>;
    export const step = component({ image: 'a' }, (i: { mode?: (typeof modes)[number]; kind?: Kind; size?: keyof Sizes; data?: Dataset | undefined; pair?: readonly [number, number]; counts?: { [name: string]: Int } }): Result => { throw new Error(); });`);
  expect(step?.inputDefinitions).toEqual({
    artifacts: {
      data: { artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' }, isOptional: true },
    },
    parameters: {
      mode: { parameterType: 'STRING', isOptional: true },
      kind: { parameterType: 'STRING', isOptional: true },
      size: { parameterType: 'STRING', isOptional: true },
      pair: { parameterType: 'LIST', isOptional: true },
      counts: { parameterType: 'STRUCT', isOptional: true },
    },
  });
  expect(step?.outputDefinitions?.parameters).toEqual({ rows: { parameterType: 'NUMBER_INTEGER' } });
});

test('a type that mentions itself is an object from there on', async () => {
  const tree = 'interface Tree { name: string; below?: Tree[] }';
  const inputs = { parameters: { tree: { parameterType: 'STRUCT', isOptional: true } } };
  const plain = await definitionsOf(
    `${tree}\nexport const step = component({ image: 'a' }, (i: { tree?: Tree }) => {});`,
  );
  const computed = await definitionsOf(
    `${tree}\nexport const step = component({ image: 'a' }, (i: Partial<{ tree: Tree }>) => {});`,
  );
  expect([plain?.inputDefinitions, computed?.inputDefinitions]).toEqual([inputs, inputs]);
});

test('types are found by the paths of the nearest tsconfig.json, and one that is not found is an error', async () => {
  const declaration = `import type { Inputs } from '@/inputs.ts';\nexport const step = component({ image: 'a' }, (i: Inputs) => {});`;
  const files = {
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./types/*"] } } }',
    'types/inputs.ts': 'export interface Inputs { rate?: number }',
  };
  const step = await definitionsOf(declaration, files);
  expect(Object.keys(step?.inputDefinitions?.parameters ?? {})).toEqual(['rate']);
  await expect(definitionsOf(declaration, { 'types/inputs.ts': files['types/inputs.ts'] })).rejects.toThrow(
    'the type of its inputs or outputs leads nowhere',
  );
});

test('defaults may be computed of constants, also of imported ones, and must be of their types', async () => {
  const step = await definitionsOf(
    `import { limits as own } from './limits/index.ts';\nconst hour = 60 * 60;\nexport const step = component({ image: 'a' }, ({ wait = 2 * hour, rows = own.rows, name = 'a' + 'b' }: { wait?: Int; rows?: number; name?: string }) => {});`,
    {
      'limits/index.ts': `export * from './limits.ts';`,
      'limits/limits.ts': 'export const limits = { rows: 1_000 } as const;',
    },
  );
  expect(
    Object.values(step?.inputDefinitions?.parameters ?? {}).map(({ defaultValue }) => defaultValue),
  ).toEqual([7200, 1000, 'ab']);
  const wrong = (pattern: string, type: string) =>
    definitionsOf(`export const step = component({ image: 'a' }, ({ ${pattern} }: { ${type} }) => {});`);
  await expect(wrong('n = 0.5', 'n?: Int')).rejects.toThrow(
    'the default of the input "n" is 0.5, and its type is Int',
  );
  await expect(wrong("mode = 'x'", "mode?: 'head' | 'full'")).rejects.toThrow("its type is 'head' | 'full'");
});

test('a component that is exported under several names is one', async () => {
  const { compiled } = await testProject({
    'steps.ts': `import { component } from 'ferrule';\nexport const step = component({ image: 'a' }, () => {});\nexport { step as again, step as more };\nexport default step;`,
    'pipeline.ts': `import { pipeline } from 'ferrule';\nimport given, { again, step } from './steps.ts';\nexport default pipeline('p', {}, () => { given({}); again({}); step({}); });`,
  }).compile();
  expect(Object.keys(compiled.spec.root.dag?.tasks ?? {})).toEqual(['step', 'step-2', 'step-3']);
});

test('the type of a required parameter is read like that of an input, by any name it has', async () => {
  const files = {
    'types.ts': 'export interface Limits { rows: number }',
    'pipeline.ts': `import * as F from 'ferrule';
import { component, pipeline, required as need, type Dataset as Data, type Int as Whole } from 'ferrule';
import type { Limits } from './types.ts';
type Mode = 'head' | 'full';
interface Sketch extends F.Artifact<'acme.Sketch'> {}
export const step = component({ image: 'a' }, (i: { limits: Limits; mode: Mode; n: Whole }) => {});
export default pipeline('p', { limits: need<Limits>(), mode: need<Mode>(), n: F.required<F.Int>(), data: need<Data[]>(), sketch: need<Sketch>() }, ({ limits, mode, n }) => {
  step({ limits, mode, n });
});
`,
  };
  const project = testProject(files);
  const { compiled } = await project.compile();
  expect(compiled.spec.root.inputDefinitions).toMatchObject({
    parameters: {
      limits: { parameterType: 'STRUCT' },
      mode: { parameterType: 'STRING' },
      n: { parameterType: 'NUMBER_INTEGER' },
    },
    artifacts: {
      data: { artifactType: { schemaTitle: 'system.Dataset' }, isArtifactList: true },
      sketch: { artifactType: { schemaTitle: 'acme.Sketch' } },
    },
  });
  project.write({
    'types.ts': 'export interface Limits { rows: string }',
    'pipeline.ts': files['pipeline.ts'].replace('need<Mode>()', 'need<string>()'),
  });
  await expect(project.compile()).rejects.toThrow(
    "takes 'head' | 'full', and is given the parameter \"mode\"",
  );
});
