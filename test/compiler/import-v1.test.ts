/** Components of KFP 1 become the messages that KFP's own loader and compiler make of them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { convertComponentV1, type ConvertedComponent } from '../../compiler/import/v1-component.ts';
import { UserErrors } from '../../errors/index.ts';
import { readDocuments } from '../../spec/read-documents.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { kfpPython } from '../counterparts.ts';
import { differencesOf } from '../spec/oracle.ts';

const folder = path.join(import.meta.dirname, 'components-v1');
const files = readdirSync(folder);

function convert(text: string): ConvertedComponent {
  const [document] = readDocuments(text, 'c.yaml');
  if (document === undefined) throw new Error('an empty document');
  return convertComponentV1(document, 'c.yaml', 'kfp-2.17.0');
}

describe.skipIf(kfpPython === undefined)('beside the real KFP', () => {
  let differences: readonly string[] = [];
  beforeAll(() => {
    const out = mkdtempSync(path.join(tmpdir(), 'ferrule-v1-'));
    const script = `
import sys
from kfp import compiler, components
for name in sys.argv[3:]:
    compiler.Compiler().compile(components.load_component_from_file(sys.argv[1] + '/' + name), sys.argv[2] + '/' + name)`;
    execFileSync(kfpPython ?? '', ['-W', 'ignore', '-c', script, folder, out, ...files], { stdio: 'pipe' });
    differences = differencesOf(
      files.map((file) => {
        const ours = path.join(out, `ours-${file}`);
        writeFileSync(
          ours,
          writePipelineYaml(convert(readFileSync(path.join(folder, file), 'utf8')).compiled),
        );
        return [path.join(out, file), ours] as const;
      }),
    );
  });

  test.each(files)('%s is the same message', (file) => {
    expect(differences[files.indexOf(file)]).toBe('');
  });
});

const container = '\nimplementation: {container: {image: x}}';
const withArgs = (args: string): string =>
  `name: a\ninputs: [{name: i, type: String}]\noutputs: [{name: o}]\nimplementation: {container: {image: x, args: ${args}}}`;

test.each([
  [`name: a\nimplementation: {graph: {}}`, '2:17 the component has no container'],
  [`name: a\nimplementation: {container: {}}`, '2:29 implementation.container lacks the field "image"'],
  [`name: a\ninput: []${container}`, '2:1 the document has no field "input"'],
  [`name: ü${container}`, '1:7 the name "ü" has no form in KFP 2'],
  [`name: a\ninputs: [{name: A b}, {name: a_b}]${container}`, '2:30 "a_b" and "A b" are both called "a_b" in KFP 2'],
  [`name: a\ninputs: [{name: '!'}]${container}`, '2:17 the name "!" has no form in KFP 2'],
  [`name: a\ninputs: [{name: i, type: Integer, default: ten}]${container}`, '2:44 the default "ten" is no Integer'],
  [`name: a\ninputs: [{name: i, type: Integer, default: '1.5'}]${container}`, '2:44 the default "1.5" is no Integer'],
  [`name: a\ninputs: [{name: i, type: Float, default: nan}]${container}`, '2:42 the default "nan" is no Float'],
  [`name: a\ninputs: [{name: i, type: Bool, default: maybe}]${container}`, '2:41 the default "maybe" is no Bool'],
  [`name: a\ninputs: [{name: i, type: [String]}]${container}`, '2:26 a type is a name'],
  [`name: a\nimplementation: {container: {image: x, fileOutputs: {a: /b}}}`, '2:53 fileOutputs names places'],
  [`name: a\nimplementation: {container: {image: x, env: {A: 1}}}`, '2:49 implementation.container.env.A must be a text, not 1'],
  [withArgs('[5]'), '4:47 an item of a command is neither a text nor one placeholder'],
  [withArgs('[{inputValue: i, outputPath: o}]'), '4:47 an item of a command is neither'],
  [withArgs('[{inputValue: j}]'), '4:60 the component has no input "j": it has i'],
  [withArgs('[{outputPath: i}]'), '4:60 the component has no output "i": it has o'],
  [withArgs('[{inputMetadata: i}]'), '4:63 the placeholder "inputMetadata" has no form in KFP 2'],
  [withArgs('[{if: {cond: true, then: a}}]'), '4:52 an if has cond: {isPresent: NAME}'],
  [withArgs('[{concat: [{if: {cond: {isPresent: i}, then: [a]}}]}]'), '4:91 inside a concat'],
  [withArgs('[{concat: a}]'), '4:56 a concat is a list'],
])('%j is refused at its place', (text, problem) => {
  const faults = (): string[] => {
    try {
      convert(text);
      return [];
    } catch (error) {
      if (!(error instanceof UserErrors)) throw error;
      return error.errors.map(({ at, problem: fault }) => `${at?.line}:${at?.column} ${fault}`);
    }
  };
  expect(faults()).toEqual([expect.stringContaining(problem) as string]);
}); // prettier-ignore

test('what KFP converts, and what cannot work, is told', () => {
  const { warnings } = convert(`name: a
inputs: [{name: url}, {name: text, type: String}]
implementation: {container: {image: x, args: [{inputValue: url}, {inputPath: text}]}}`);
  expect(warnings).toEqual([
    '"url" is used as a value and is an artifact: give it a type such as String in the file',
    '"text" is used as a file and is a parameter: give it no type, or one of artifacts, in the file',
  ]);
});

test('descriptions are kept beside the messages, which do not have them', () => {
  const { description, descriptions } = convert(
    `name: a\ndescription: Does.\ninputs: [{name: My Input, description: Takes.}]\noutputs: [{name: o, description: Gives.}]${container}`,
  );
  expect(description).toBe('Does.');
  expect([...descriptions]).toEqual([
    ['my_input', 'Takes.'],
    ['o', 'Gives.'],
  ]);
});
