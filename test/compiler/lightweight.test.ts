import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readIdentity, type ContainerSpec } from '../../spec/index.ts';
import { testProject } from './project.ts';

const files = {
  'steps.ts': `import { asset, component, type Dataset, type Int } from 'ferrule';
import { readFileSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';

/** A lightweight component with an asset and a bundled package. */
export const write = component({ assets: ['greeting.txt'] }, async ({ name, times = 2 }: { name: string; times?: Int }, out: { text: Dataset }): Promise<{ length: Int }> => {
  const greeting = readFileSync(asset('greeting.txt', import.meta.url), 'utf8').trim();
  const text = stringify({ text: Array(times).fill(greeting + ' ' + name).join(', ') });
  writeFileSync(out.text.path, text);
  out.text.metadata['times'] = times;
  return { length: text.length };
});
`,
  'greeting.txt': 'Hello\n',
  'pipeline.ts': `import { pipeline } from 'ferrule';
import { write } from './steps.ts';
export default pipeline('p', {}, () => { write({ name: 'Ada' }); });
`,
};

/** Does what KFP's launcher does: puts the executor input in place and runs command and args in a clean folder. */
function launch({ command = [], args = [] }: ContainerSpec, name: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ferrule-launch-'));
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const input = {
    inputs: { parameterValues: { name } },
    outputs: {
      parameters: { length: { outputFile: path.join(folder, 'length') } },
      artifacts: {
        text: {
          artifacts: [
            {
              name: 'text',
              type: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' },
              uri: path.join(folder, 'text'),
              metadata: {},
            },
          ],
        },
      },
      outputFile: path.join(folder, 'output.json'),
    },
  };
  const words = [...command, ...args].map((word) => word.replace('{{$}}', JSON.stringify(input)));
  const [program = '', ...rest] = words;
  const result = spawnSync(program === 'node' ? process.execPath : program, rest, {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: home },
    encoding: 'utf8',
  });
  return { result, folder, words };
}

test('a component without an image runs from its command and args alone, on a plain Node', async () => {
  const { compiled } = await testProject(files).compile();
  const container = compiled.spec.deploymentSpec.executors?.['exec-write']?.container;
  expect(container?.image).toBe('node:22-slim');
  const { result, folder, words } = launch(container ?? { image: '' }, 'Ada');
  expect(result.stderr).toBe('');
  expect(result.status).toBe(0);
  expect(readFileSync(path.join(folder, 'text'), 'utf8')).toBe('text: Hello Ada, Hello Ada\n');
  expect(JSON.parse(readFileSync(path.join(folder, 'output.json'), 'utf8'))).toMatchObject({
    parameterValues: { length: 27 },
    artifacts: { text: { artifacts: [{ metadata: { times: 2 } }] } },
  });
  // One Linux argument holds less than 128 KiB.
  for (const word of words) expect(Buffer.byteLength(word)).toBeLessThan(128 * 1024);
});

test('its identity is read from the container like any other, with the payload', async () => {
  const { compiled, bundles } = await testProject(files).compile();
  const container = compiled.spec.deploymentSpec.executors?.['exec-write']?.container;
  const identity = container && readIdentity(container);
  expect(identity).toMatchObject({ function: 'write', code: bundles[0]?.digest });
  expect(identity?.payload).toBeDefined();
});

test('a payload of several arguments comes together again', async () => {
  const noise = Array.from({ length: 60_000 }, (_, index) => `${(index * 7919) % 65_521}`).join(' ');
  const project = testProject({ ...files, 'greeting.txt': 'Hello\n' });
  project.write({
    'steps.ts': files['steps.ts'].replace("['greeting.txt']", "['greeting.txt', 'noise.txt']"),
    'noise.txt': noise,
  });
  const { compiled } = await project.compile();
  const container = compiled.spec.deploymentSpec.executors?.['exec-write']?.container;
  expect(container?.args?.filter((word) => word === '--payload').length).toBeGreaterThan(1);
  const { result } = launch(container ?? { image: '' }, 'Ada');
  expect(result.status).toBe(0);
});

test('a bundle that does not match its digest is refused', async () => {
  const { compiled } = await testProject(files).compile();
  const container = compiled.spec.deploymentSpec.executors?.['exec-write']?.container;
  const args = container?.args?.map((word) =>
    word.startsWith('sha256:') ? `sha256:${'0'.repeat(64)}` : word,
  );
  const { result } = launch({ image: '', command: container?.command ?? [], args: args ?? [] }, 'Ada');
  expect(result.status).toBe(1);
  expect(result.stderr).toContain('FER');
});
