/** Control flow beyond what Python's compiler takes: what is written is sound, and runs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compilePipeline } from '../../compiler/index.ts';
import { evaluateCondition } from '../../spec/cel.ts';
import type { PipelineSpec } from '../../spec/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { testProject } from './project.ts';

const root = path.join(import.meta.dirname, '..', '..');
const flows = path.join(import.meta.dirname, 'flows');
const scratch = mkdtempSync(path.join(tmpdir(), 'ferrule-flows-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Ran {
  readonly status: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Runs a pipeline on this machine, as a person would. */
function run(name: string, ...args: readonly string[]): { readonly ran: Ran; readonly stderr: string } {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      path.join(root, 'bin', 'ferrule.mjs'),
      'run',
      path.join(flows, name),
      '--root',
      scratch,
      '--json',
      ...args,
    ],
    { encoding: 'utf8', env: { ...process.env, FERRULE_NO_BUILD: '1' } },
  );
  return { ran: JSON.parse(stdout) as Ran, stderr };
}

async function specOf(file: string): Promise<PipelineSpec> {
  const { compiled } = await compilePipeline({
    file,
    projectRoot: root,
    cacheFolder: path.join(scratch, 'cache'),
    env: {},
  });
  return compiled.spec;
}

describe('a pipeline with values on all ways through loops and branches', () => {
  test('is sound for a strict reader', async () => {
    for (const name of ['values.ts', 'endings.ts']) {
      const spec = await specOf(path.join(flows, name));
      expect(() => readPipelineDocument(writePipelineYaml({ spec }), name)).not.toThrow();
    }
  });

  test('gives what it says when it runs', () => {
    expect(run('values.ts').ran).toMatchObject({
      status: 'succeeded',
      outputs: {
        rows: '[[2,4],[6]]',
        joined: '0.5 1|0.5 2|2 3',
        quotes: 'quoted 2',
        limit: 'limit 2',
        again: 'q2,q4',
        constants: 'first,other 2',
      },
    });
  });

  test('compares texts with any characters', async () => {
    const spec = await specOf(path.join(flows, 'values.ts'));
    const conditions = Object.values(spec.components ?? {})
      .flatMap(({ dag }) => Object.values(dag?.tasks ?? {}))
      .flatMap(({ triggerPolicy }) => triggerPolicy?.condition ?? []);
    const quoted = conditions.find((condition) => condition.includes('"b"')) ?? '';
    const [, name = ''] = /parameter_values\['([^']+)'\]/.exec(quoted) ?? [];
    expect(evaluateCondition(quoted, { [name]: 'it\'s "b"\\\n' })).toEqual({ kind: 'value', value: true });
    expect(evaluateCondition(quoted, { [name]: 'its "b"' })).toEqual({ kind: 'value', value: false });
  });
});

describe('a pipeline with exit tasks in exit handlers', () => {
  test('hands out what their bodies gave', () => {
    expect(run('endings.ts').ran).toMatchObject({
      status: 'succeeded',
      outputs: { last: 'off 2', seen: '1 SUCCEEDED' },
    });
  });

  test('tells each exit task how its body ended, also after a failure', () => {
    const { ran, stderr } = run('endings.ts', '-p', 'fails=true');
    expect(ran.status).toBe('failed');
    expect(stderr.match(/told: FAILED exit-handler-1/g)).toHaveLength(2);
  });
});

const head = `
import { component, eq, forEach, gt, int, pipeline, when, type Int } from 'ferrule';
export const take = component({}, ({ n }: { n: Int; text: string }): Int => n);
`;

test('what follows branches without a last one stands beside them', async () => {
  const project = testProject({
    'pipeline.ts': `${head}
export default pipeline('p', { x: int(1) }, ({ x }) => {
  when(eq(x, 1), () => take({ n: 1, text: 'a' })).elseWhen(eq(x, 2), () => take({ n: 2, text: 'b' }));
  take({ n: 3, text: 'c' });
  forEach([1], (n) => take({ n, text: 'd' }));
});`,
  });
  const { compiled } = await project.compile();
  expect(Object.keys(compiled.spec.root.dag?.tasks ?? {}).sort()).toEqual([
    'condition-branches-1',
    'for-loop-5',
    'take-3',
  ]);
});

test('values whose names come out alike are kept apart', async () => {
  const project = testProject({
    'pipeline.ts': `
import { component, forEach, int, pipeline, type Int } from 'ferrule';
export const take = component({}, ({ n }: { n: Int; text: string }): { item: Int } => ({ item: n }));
export default pipeline('p', { sizes: [int(1)] }, ({ sizes }) => {
  const other = take({ n: 1, text: '' }, { name: 'sizes-loop' }).outputs.item;
  forEach(sizes, (size) => {
    take({ n: size, text: \`\${size} \${other}\` });
  });
});`,
  });
  const { compiled } = await project.compile();
  const loop = compiled.spec.components?.['comp-for-loop-1'];
  expect(Object.keys(loop?.inputDefinitions?.parameters ?? {})).toHaveLength(3);
  const { parameters = {} } = loop?.dag?.tasks?.['take']?.inputs ?? {};
  const [item, other] = JSON.stringify(parameters['text']?.runtimeValue?.constant)
    .split(' ')
    .map((placeholder) => parameters[/'(.+)'/.exec(placeholder)?.[1] ?? '']);
  expect(item).toEqual(parameters['n']);
  expect(other).not.toEqual(item);
});

test('four times as many tasks in loops and branches take about four times as long', async () => {
  const text = (count: number): string => `${head}
export default pipeline('p', { x: int(1), sizes: [int(1)], who: 'me' }, ({ x, sizes, who }) => {
  const first = take({ n: x, text: 'a' }).outputs.Output;
  for (let i = 0; i < ${count}; i += 1)
    forEach(sizes, (size) =>
      when(gt(size, i), () => {
        const made = take({ n: size, text: \`\${who} \${first}\` }).outputs.Output;
        forEach([1, 2], (n) => when(eq(made, n), () => take({ n: made, text: \`\${who} \${n}\` })));
      }),
    );
});`;
  const project = testProject({ 'small.ts': text(60), 'large.ts': text(240) });
  const seconds = async (file: string): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 2; i += 1) {
      const before = process.cpuUsage();
      // oxlint-disable-next-line no-await-in-loop -- one after the other, or they would be measured together
      await project.compile(file);
      times.push(process.cpuUsage(before).user / 1e6);
    }
    return Math.min(...times);
  };
  const small = await seconds('small.ts');
  expect((await seconds('large.ts')) / small).toBeLessThan(9);
});
