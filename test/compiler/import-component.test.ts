/** What `ferrule import` writes: a typed file that compiles, refuses wrong joins, and is the same each time. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { beforeAll, describe, expect, test } from 'vitest';
import { importComponent, isUntouched } from '../../compiler/import/import-component.ts';
import { kfpPython } from '../counterparts.ts';
import { compileInPython } from '../spec/oracle.ts';
import { testProject } from './project.ts';

const root = path.join(import.meta.dirname, '..', '..');
const v1 = path.join(import.meta.dirname, 'components-v1');

const greet = `name: Say Hello
description: Greets */ people.
inputs:
- {name: who, type: String, description: "Whom.\\nAll of them."}
- {name: times, type: Integer, default: '2'}
- {name: data, type: Dataset, optional: true}
outputs:
- {name: count, type: Integer}
- {name: model, type: Model}
implementation:
  container: {image: alpine, command: [echo, {inputValue: who}, {outputPath: model}, {outputPath: count}]}
`;

const imported = (text: string, name?: string) =>
  importComponent({ text, file: 'hello.yaml', origin: 'hello.yaml', ...(name !== undefined && { name }) });

test('the file has interfaces with the descriptions, and the call that loads the document', () => {
  const { name, source } = imported(greet);
  expect(name).toBe('say-hello');
  expect(source.replace(/^\/\/ Content .*$/m, '')).toBe(
    `// Made by \`ferrule import\` from hello.yaml. What is edited by hand is kept: it imports anew only with --force.
${/^\/\/ Content .*$/m.exec(source)?.[0] ?? ''}
import { loadComponent, type Dataset, type Int, type Model } from 'ferrule';

export interface SayHelloInputs {
  /**
   * Whom.
   * All of them.
   */
  readonly who: string;
  readonly data?: Dataset;
  /** @default 2 */
  readonly times?: Int;
}

export interface SayHelloOutputs {
  readonly count: Int;
  readonly model: Model;
}

/** Greets *\\/ people. */
export const sayHello = loadComponent<SayHelloInputs, SayHelloOutputs>('./say-hello.yaml', import.meta.url);
`.replace(/^\/\/ Content .*$/m, ''),
  );
});

test('importing twice gives the same bytes, and so does importing what was written', () => {
  const first = imported(greet);
  expect(imported(greet)).toEqual(first);
  const again = importComponent({ text: first.yaml, file: 'say-hello.yaml', origin: 'hello.yaml' });
  expect(again.yaml).toBe(first.yaml);
  expect(again.converted).toBe(false);
});

test('a formatter does not make a file an edited one, and an edit does', () => {
  const { source, yaml } = imported(greet);
  const formatted = source
    .replaceAll("'", '"')
    .replaceAll(';', '')
    .replace('<SayHelloInputs, ', '<\n  SayHelloInputs,\n');
  expect(isUntouched(source, yaml)).toBe(true);
  expect(isUntouched(formatted, yaml)).toBe(true);
  expect(isUntouched(source.replace('who: string', 'who: "you"'), yaml)).toBe(false);
  expect(isUntouched(source, yaml.replace('alpine', 'busybox'))).toBe(false);
  expect(isUntouched('export const a = 1;', undefined)).toBe(false);
});

test.each([
  ['delete', 'deleteComponent'],
  ['load-component', 'loadComponentComponent'],
  ['3d-model', '_3dModel'],
  ['A_b-C', 'aBC'],
])('a component that is called %s is the const %s', (name, constant) => {
  const { source } = imported(greet, name);
  expect(source).toContain(`export const ${constant} = loadComponent`);
});

test('what takes and gives nothing has no types', () => {
  const text = 'name: a\nimplementation: {container: {image: x}}';
  expect(imported(text).source).toContain("export const a = loadComponent('./a.yaml', import.meta.url);");
  const gives = `${text}\noutputs: [{name: o}]`;
  expect(imported(gives).source).toContain('export interface AInputs {}');
});

test('nothing in a document gets out of its place', () => {
  const nasty = `'*/ \n \u2028 \\\\ \${x} \``;
  const spec = {
    pipelineInfo: { name: '../../etc/x', description: `*/ alert() /* ${nasty}` },
    deploymentSpec: {},
    root: {
      dag: {},
      inputDefinitions: {
        parameters: { [nasty]: { parameterType: 'STRING', defaultValue: '*/ x', description: '*/' } },
        artifacts: { a: { artifactType: { schemaTitle: nasty, schemaVersion: nasty } } },
      },
    },
    schemaVersion: '2.1.0',
  };
  const { name, source } = importComponent({ text: JSON.stringify(spec), file: 'x.json', origin: 'x\n// y' });
  expect(name).toBe('etc-x');
  const lines = source.split('\n');
  expect(lines[0]).toContain('from x // y. What');
  expect(source).toContain("loadComponent<EtcXInputs>('./etc-x.yaml', import.meta.url);");
  const { program, errors } = parseSync('x.ts', source);
  expect(errors).toEqual([]);
  expect(program.body.map(({ type }) => type)).toEqual([
    'ImportDeclaration',
    'ExportNamedDeclaration',
    'ExportNamedDeclaration',
  ]);
});

test('a pipeline keeps its settings of platforms', () => {
  const text = `deploymentSpec: {executors: {e: {container: {image: i}}}}
pipelineInfo: {name: p}
root: {dag: {}}
schemaVersion: 2.1.0
---
platforms: {kubernetes: {deploymentSpec: {executors: {e: {imagePullPolicy: Always}}}}}
`;
  expect(imported(text).yaml).toMatch(/\n---\nplatforms:\n[^]*imagePullPolicy: Always\n/);
});

describe('in a project', () => {
  const files = (): Record<string, string> => {
    const hello = imported(greet);
    return { 'components/say-hello.ts': hello.source, 'components/say-hello.yaml': hello.yaml };
  };
  const pipeline = `import { component, pipeline, type Dataset, type Int } from 'ferrule';
import { sayHello } from './components/say-hello.ts';
export const make = component({}, (_inputs: {}, _out: { rows: Dataset }) => {});
export const double = component({}, ({ n }: { n: Int }): Int => 2 * n);
export default pipeline('p', { name: 'x' }, ({ name }) => {
  const { rows } = make({}).outputs;
  const hello = sayHello({ who: \`to \${name}\`, data: rows });
  double({ n: hello.outputs.count });
  return { model: hello.outputs.model };
});
`;

  test('an imported component is a task like any other', async () => {
    const { compiled } = await testProject({ ...files(), 'pipeline.ts': pipeline }).compile();
    const task = compiled.spec.root.dag?.tasks?.['say-hello'];
    expect(task?.inputs?.artifacts).toEqual({
      data: { taskOutputArtifact: { producerTask: 'make', outputArtifactKey: 'rows' } },
    });
    const executor = compiled.spec.deploymentSpec.executors?.['exec-say-hello'];
    expect(executor?.container?.command).toEqual([
      'echo',
      "{{$.inputs.parameters['who']}}",
      "{{$.outputs.artifacts['model'].path}}",
      "{{$.outputs.parameters['count'].output_file}}",
    ]);
  });

  test('TypeScript refuses wrong joins with it', () => {
    const project = testProject({
      ...files(),
      'pipeline.ts': pipeline,
      'wrong.ts': pipeline
        .replace('who:', 'whom:')
        .replace('data: rows', 'data: hello.outputs.model')
        .replace('hello.outputs.count', 'hello.outputs.model')
        .replace('model: hello.outputs.model', 'model: hello.outputs.modle'),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          target: 'es2023', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: true,
          allowImportingTsExtensions: true, types: ['node'], paths: { ferrule: [path.join(root, 'sdk', 'index.ts')] },
        }, // prettier-ignore
        files: ['pipeline.ts', 'wrong.ts'],
      }),
    });
    const tsc = path.join(root, 'node_modules', 'tsgo', 'bin', 'tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', project.root, '--pretty', 'false'], {
      encoding: 'utf8',
      cwd: project.root,
    });
    const errors = stdout.split('\n').filter((line) => /^\S+\(\d+/.test(line));
    expect([...new Set(errors.map((line) => line.replace(/,\d+\).*/, ')')))]).toEqual([
      'wrong.ts(7)',
      'wrong.ts(8)',
      'wrong.ts(9)',
    ]);
  });

  test('types that are not those of the document are told, with what to do', async () => {
    const { 'components/say-hello.ts': source = '', ...rest } = files();
    const project = testProject({
      ...rest,
      'components/say-hello.ts': source.replace('readonly who: string', 'readonly who: number'),
      'pipeline.ts': pipeline.replace(/`to.*`/, '1'),
    });
    await expect(project.compile()).rejects.toThrow(/ferrule import/);
  });
});

describe.skipIf(kfpPython === undefined)('of components that Python compiled', () => {
  const corpus = path.join(import.meta.dirname, '..', 'spec', 'corpus');
  const names = readdirSync(corpus)
    .filter((file) => file.endsWith('.py'))
    .map((file) => path.parse(file).name);
  let folder = '';
  beforeAll(() => {
    folder = compileInPython(
      Object.fromEntries(names.map((name) => [name, path.join(corpus, `${name}.py`)])),
    ).folder;
  });
  const documents = () => [
    ...names.map((name) => path.join(folder, `${name}.yaml`)),
    ...readdirSync(v1).map((file) => path.join(v1, file)),
  ];

  test('each file compiles in a pipeline that gives it what it needs', () => {
    const results = documents().map((file) =>
      importComponent({ text: readFileSync(file, 'utf8'), file, origin: path.basename(file) }),
    );
    const project = testProject({
      ...Object.fromEntries(results.map(({ name, source }) => [`components/${name}.ts`, source])),
      ...Object.fromEntries(results.map(({ name, yaml }) => [`components/${name}.yaml`, yaml])),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          target: 'es2023', module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: ['node'],
          paths: { ferrule: [path.join(root, 'sdk', 'index.ts')] },
        }, // prettier-ignore
        include: ['components/*.ts'],
      }),
    });
    const tsc = path.join(root, 'node_modules', 'tsgo', 'bin', 'tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', project.root, '--pretty', 'false'], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });

  test('the description of a component is that of its comment, and inputs have theirs', () => {
    const file = path.join(folder, 'component.yaml');
    const { source } = importComponent({ text: readFileSync(file, 'utf8'), file, origin: 'component.yaml' });
    expect(source).toContain('/** Greets. */\nexport const twin = ');
    expect(source).toContain('/** Who. */\n  readonly name: string;');
  });
});
