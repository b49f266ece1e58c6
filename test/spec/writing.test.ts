/** What is written around the messages: KFP's comment header and its Kubernetes manifests, held against KFP's own. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { documentHeader } from '../../spec/document-header.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { pythonRepr } from '../../spec/python-repr.ts';
import { writePipelineManifest, writePipelineYaml } from '../../spec/yaml.ts';
import { kfpPython } from '../counterparts.ts';
import { compileInPython, differencesOf } from './oracle.ts';

const corpus = path.join(import.meta.dirname, 'corpus');
const names = ['artifact-loop', 'containers', 'control-flow', 'kubernetes', 'values'];

describe.skipIf(kfpPython === undefined)('beside the real KFP', () => {
  let folder = '';
  beforeAll(() => {
    folder = compileInPython(
      Object.fromEntries(names.map((name) => [name, path.join(corpus, `${name}.py`)])),
    ).folder;
  });
  const textOf = (name: string): string => readFileSync(path.join(folder, `${name}.yaml`), 'utf8');

  test.each(names)('the header of %s is that of KFP', (name) => {
    const text = textOf(name);
    const header = /^(?:#.*\n)+/.exec(text)?.[0] ?? '';
    expect(sortedStructs(documentHeader(readPipelineDocument(text, `${name}.yaml`).spec))).toBe(
      sortedStructs(header),
    );
  });

  test('what is read from a manifest is the pipeline, and the manifest is as KFP writes it', () => {
    const files = ['kubernetes', 'values'].flatMap((name) => {
      const compiled = readPipelineDocument(textOf(name), `${name}.yaml`);
      const manifest = writePipelineManifest(compiled, { namespace: 'team', includePipeline: true });
      expect(readPipelineDocument(manifest, 'manifest.yaml')).toEqual(compiled);
      const file = path.join(folder, `${name}-manifest.yaml`);
      writeFileSync(file, manifest);
      return [[name, file] as const];
    });
    const script = `
import json, sys, yaml, importlib.util
from kfp import compiler
from kfp.compiler.compiler_utils import KubernetesManifestOptions
out = []
for name, file in json.load(sys.stdin):
    spec = importlib.util.spec_from_file_location('twin_' + name, '${corpus}/' + name + '.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    compiler.Compiler().compile(module.twin, file + '.kfp.yaml', kubernetes_manifest_format=True,
        kubernetes_manifest_options=KubernetesManifestOptions(namespace='team', include_pipeline_manifest=True))
    out.append(list(yaml.safe_load_all(open(file))) == list(yaml.safe_load_all(open(file + '.kfp.yaml'))))
json.dump(out, sys.stdout)`;
    const output = execFileSync(kfpPython ?? '', ['-W', 'ignore', '-c', script], {
      input: JSON.stringify(files),
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual([true, true]);
  });

  test('values look as Python shows them', () => {
    const values = [
      null, true, false, 0, -0, 1, -1.5, 1e15, 1e16, 123456789012345680000, 1e21, 1e-4, 1e-5, 5e-324, 0.1, 2 ** 53, 'a', "it's", '"', `"'`, '\\', 'é',
      'a\tb', [], [1, 'x', [null]], {}, { a: { b: 1 } },
    ]; // prettier-ignore
    const script =
      'import json, sys; json.dump([repr(v) for v in json.loads(sys.stdin.read(), parse_int=float)], sys.stdout)';
    const text = JSON.stringify(values, (_, value: unknown) => (Object.is(value, -0) ? 0 : value));
    const python = JSON.parse(
      execFileSync(kfpPython ?? '', ['-c', script], { input: text, encoding: 'utf8' }),
    ) as string[];
    expect(values.map((value) => pythonRepr(Object.is(value, -0) ? 0 : value))).toEqual(python);
  });

  test('a header does not break the document, whatever is in it', () => {
    const spec = {
      pipelineInfo: { name: 'p', description: 'One.\n\n--- two\n' },
      deploymentSpec: {},
      root: {
        dag: {},
        inputDefinitions: {
          parameters: { a: { parameterType: 'STRING', defaultValue: 'x\n# y\n---\nz: [' } },
        },
      },
      schemaVersion: '2.1.0',
    } as const;
    const plain = path.join(folder, 'plain.yaml');
    const headed = path.join(folder, 'headed.yaml');
    writeFileSync(plain, writePipelineYaml({ spec }));
    writeFileSync(headed, writePipelineYaml({ spec }, { header: true }));
    expect(readFileSync(headed, 'utf8')).toMatch(/^# PIPELINE DEFINITION\n# Name: p\n/);
    expect(differencesOf([[plain, headed]])).toEqual(['']);
  });
});

/** KFP writes the fields of structs in an order that changes from run to run. */
function sortedStructs(header: string): string {
  return header.replaceAll(/\{.*\}/g, (struct) => struct.split('').sort().join(''));
}
