/** `ferrule import` and `ferrule compile` of documents, as a person calls them. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { makeProject, type Project } from './project.ts';

const hello = `name: Say Hello
inputs: [{name: who, type: String}]
implementation: {container: {image: alpine, command: [echo, {inputValue: who}]}}
`;

let project: Project;
beforeEach(() => {
  project = makeProject({ 'hello.yaml': hello });
});
afterEach(() => project.remove());

const read = (name: string): string => readFileSync(join(project.folder, name), 'utf8');

describe('ferrule import', () => {
  test('writes the types and the document into components/, and the same a second time', async () => {
    const { status, stderr } = await project.ferrule('import', 'hello.yaml');
    expect(stderr).toBe('say-hello -> components/say-hello.ts, components/say-hello.yaml\n');
    expect(status).toBe(0);
    const first = read('components/say-hello.ts');
    expect(first).toContain('from hello.yaml');
    expect(first).not.toContain(project.folder);
    await project.ferrule('import', 'hello.yaml');
    expect(read('components/say-hello.ts')).toBe(first);
    expect(readdirSync(join(project.folder, 'components')).toSorted()).toEqual([
      'say-hello.ts',
      'say-hello.yaml',
    ]);
  });

  test('takes --name and --out', async () => {
    await project.ferrule('import', 'hello.yaml', '--name', 'greet', '--out', 'lib/steps');
    expect(read('lib/steps/greet.ts')).toContain(
      "export const greet = loadComponent<GreetInputs>('./greet.yaml'",
    );
    const { stderr } = await project.ferrule('import', 'hello.yaml', '--name', '../x');
    expect(stderr).toContain('FER1002  "../x" cannot name a file and a component');
  });

  test('imports a new version over the old one, and keeps away from what was edited', async () => {
    await project.ferrule('import', 'hello.yaml');
    project.write(
      'hello.yaml',
      hello.replace('name: who,', 'name: whom,').replace('inputValue: who', 'inputValue: whom'),
    );
    expect((await project.ferrule('import', 'hello.yaml')).status).toBe(0);
    const renewed = read('components/say-hello.ts');
    expect(renewed).toContain('readonly whom: string');
    writeFileSync(
      join(project.folder, 'components/say-hello.ts'),
      renewed.replace('whom: string', "whom: 'you'"),
    );
    project.write('hello.yaml', hello);
    const refused = await project.ferrule('import', 'hello.yaml');
    expect(refused.stderr).toContain('FER1009  components/say-hello.ts was edited by hand');
    expect(refused.status).toBe(1);
    expect((await project.ferrule('import', 'hello.yaml', '--force')).status).toBe(0);
    expect(read('components/say-hello.ts')).toContain('readonly who: string');
  });

  test('keeps away from a document that is edited, or of somebody else', async () => {
    await project.ferrule('import', 'hello.yaml');
    project.write(
      'components/say-hello.yaml',
      read('components/say-hello.yaml').replace('alpine', 'busybox'),
    );
    const refused = await project.ferrule('import', 'hello.yaml');
    expect(refused.stderr).toContain('FER1009  components/say-hello.yaml was edited by hand');
    const itself = await project.ferrule('import', 'hello.yaml', '--out', '.', '--name', 'hello');
    expect(itself.stderr).toContain('FER1009  hello.yaml is a component of KFP 1, which would be lost');
    expect(read('hello.yaml')).toBe(hello);
  });

  test('leaves a compiled document as it is written where its types come to lie beside it', async () => {
    await project.ferrule('import', 'hello.yaml', '--out', 'lib');
    const written = `# By hand.\n${read('lib/say-hello.yaml')}`;
    project.write('say-hello.yaml', written);
    const { stderr } = await project.ferrule('import', 'say-hello.yaml', '--out', '.');
    expect(stderr).toBe('say-hello -> say-hello.ts, say-hello.yaml\n');
    expect(read('say-hello.yaml')).toBe(written);
    expect(read('say-hello.ts')).toContain('readonly who: string');
  });

  test('writes the types of a document anew where they lie', async () => {
    await project.ferrule('import', 'hello.yaml', '--out', 'lib');
    const edited = read('lib/say-hello.yaml').replaceAll('who', 'whom');
    project.write('lib/say-hello.yaml', edited);
    const { stderr } = await project.ferrule('import', 'lib/say-hello.yaml');
    expect(stderr).toBe('say-hello -> lib/say-hello.ts, lib/say-hello.yaml\n');
    expect(read('lib/say-hello.ts')).toContain('readonly whom: string');
    expect(read('lib/say-hello.yaml')).toBe(edited);
  });

  test('tells what cannot be imported, with its place', async () => {
    project.write('wrong.yaml', hello.replace('inputValue: who', 'inputValue: whom'));
    const wrong = await project.ferrule('import', 'wrong.yaml');
    expect(wrong.stderr).toContain(
      'FER3009  the component has no input "whom": it has who\n  at wrong.yaml:3:74',
    );
    expect(wrong.status).toBe(1);
    const missing = await project.ferrule('import', 'nowhere.yaml');
    expect(missing.stderr).toContain('FER1001  "nowhere.yaml" cannot be read');
    const inFile = await project.ferrule('import', 'hello.yaml', '--out', 'hello.yaml');
    expect(inFile.stderr).toContain('FER1011  "hello.yaml" cannot be written: ');
  });

  describe('of a URL', () => {
    let server: Server;
    let base = '';
    beforeAll(async () => {
      server = createServer((request, response) => {
        if (request.url === '/page') response.end('<!DOCTYPE html><html></html>');
        else if (request.url === '/hello.yaml') response.end(hello);
        else response.writeHead(404).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterAll(() => server.close());

    test('fetches it, and says so in the file', async () => {
      const { status } = await project.ferrule('import', `${base}/hello.yaml`);
      expect(status).toBe(0);
      expect(read('components/say-hello.ts')).toContain(`from ${base}/hello.yaml`);
    });

    test.each([
      ['/nothing', 'cannot be fetched: the server says 404 Not Found'],
      ['/page', 'is a web page'],
    ])('tells what is wrong with %s', async (path, problem) => {
      const { stderr, status } = await project.ferrule('import', base + path);
      expect(stderr).toContain(`FER1010  ${base}${path} ${problem}`);
      expect(status).toBe(1);
    });

    test('tells that nobody answers', async () => {
      const { stderr } = await project.ferrule('import', 'http://127.0.0.1:9/x.yaml');
      expect(stderr).toMatch(/FER1010 {2}http:\/\/127\.0\.0\.1:9\/x\.yaml cannot be fetched: /);
    });
  });
});

describe('ferrule compile of a document', () => {
  beforeEach(async () => {
    await project.ferrule('import', 'hello.yaml', '--out', '.');
  });

  test('checks it, and writes nothing of its own accord', async () => {
    const before = read('say-hello.yaml');
    const { stderr, status } = await project.ferrule('compile', 'say-hello.yaml');
    expect(stderr).toBe('say-hello: say-hello.yaml is sound (-o writes it anew)\n');
    expect(status).toBe(0);
    expect(read('say-hello.yaml')).toBe(before);
  });

  test('writes it as YAML, as JSON and as a manifest, each of which reads as the same', async () => {
    for (const args of [
      ['-o', 'a.yaml'],
      ['-o', 'a.json'],
      ['-o', 'm.yaml', '--kubernetes-manifest', '--include-pipeline', '--namespace', 'team'],
    ])
      expect((await project.ferrule('compile', 'say-hello.yaml', ...args)).status).toBe(0);
    const original = read('say-hello.yaml');
    for (const file of ['a.yaml', 'a.json', 'm.yaml'])
      expect((await project.ferrule('compile', file, '-o', '-')).stdout).toBe(
        original.replace(/^# D.*\n/m, ''),
      );
    expect(read('m.yaml')).toContain(
      'kind: PipelineVersion\nmetadata:\n  name: say-hello\n  namespace: team\n',
    );
  });

  test('tells all faults at their places', async () => {
    project.write(
      'bad.yaml',
      read('say-hello.yaml')
        .replace('executorLabel', 'executorLable')
        .replace(/schemaVersion.*/, 'schemaVersion: 2.1.0\nx: 1'),
    );
    const { stderr, status, stdout } = await project.ferrule('compile', 'bad.yaml', '-o', '-');
    expect(stderr.match(/FER\d+ .*/g)).toEqual([
      'FER3002  components.comp-say-hello has no field "executorLable"',
      'FER3002  the document has no field "x"',
    ]);
    expect([status, stdout]).toEqual([1, '']);
  });

  test.each([
    ['apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n', 'this is a workflow of Argo'],
    [hello, 'this is a component of KFP 1'],
    ['pipelineSpec: {}\nruntimeConfig: {}\n', 'this is a PipelineJob'],
    ['schemaVersion: 2.0.0\n', 'schemaVersion is 2.0.0, and only 2.1.0 can be run'],
  ])('tells what else a document is: %j', async (text, problem) => {
    project.write('other.yaml', text);
    const { stderr, status } = await project.ferrule('compile', 'other.yaml');
    expect(stderr).toContain(`FER3008  ${problem}`);
    expect(status).toBe(1);
  });

  test('refuses options that do not go together', async () => {
    expect((await project.ferrule('compile', 'say-hello.yaml', '--namespace', 'a')).stderr).toContain(
      'FER1002  --namespace is about Kubernetes manifests',
    );
    expect((await project.ferrule('compile', 'say-hello.yaml', '--backend', 'x')).stderr).toContain(
      'FER1002',
    );
  });

  test('tells that a file cannot be written', async () => {
    const { stderr, status } = await project.ferrule('compile', 'say-hello.yaml', '-o', 'nowhere/x.yaml');
    expect(stderr).toContain('FER1011  "nowhere/x.yaml" cannot be written: ENOENT');
    expect(status).toBe(1);
  });

  test('says what a backend could not run, with the task', async () => {
    project.write('concat.yaml', read('say-hello.yaml').replace('- echo', `- '{"Concat": ["a", "b"]}'`));
    const { stderr } = await project.ferrule('compile', 'concat.yaml', '--backend', 'kfp');
    expect(stderr).toContain('kfp: say-hello: its command has a Concat');
    expect((await project.ferrule('compile', 'say-hello.yaml', '--backend', 'kfp')).stderr).toContain(
      'kfp can run all of it',
    );
  });
});
