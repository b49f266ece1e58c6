/** Each kind of fault inside a document is told with its code, its place and what there is instead. */
import { expect, test } from 'vitest';
import { UserErrors } from '../../errors/index.ts';
import { readPipelineDocument } from '../../spec/pipeline-document.ts';

const document = `components:
  comp-a:
    executorLabel: exec-a
    inputDefinitions:
      artifacts:
        data: {artifactType: {schemaTitle: system.Dataset, schemaVersion: 0.0.1}, isOptional: true}
      parameters:
        n: {parameterType: NUMBER_INTEGER, defaultValue: 3}
        xs: {parameterType: LIST, isOptional: true}
    outputDefinitions:
      artifacts:
        model: {artifactType: {schemaTitle: system.Model, schemaVersion: 0.0.1}}
      parameters:
        count: {parameterType: NUMBER_INTEGER}
        flag: {parameterType: BOOLEAN}
  comp-i:
    executorLabel: exec-i
    inputDefinitions: {parameters: {uri: {parameterType: STRING}}}
    outputDefinitions: {artifacts: {artifact: {artifactType: {schemaTitle: system.Dataset}}}}
  comp-loop:
    dag:
      outputs: {parameters: {out: {valueFromParameter: {producerSubtask: a, outputParameterKey: count}}}}
      tasks:
        a: {componentRef: {name: comp-a}, inputs: {parameters: {n: {componentInputParameter: item}}}, taskInfo: {name: a}}
    inputDefinitions: {parameters: {item: {parameterType: NUMBER_INTEGER}}}
    outputDefinitions: {parameters: {out: {parameterType: LIST}}}
deploymentSpec:
  executors:
    exec-a: {container: {image: i}}
    exec-i: {importer: {artifactUri: {runtimeParameter: uri}, typeSchema: {schemaTitle: system.Dataset}}}
pipelineInfo: {name: p}
root:
  dag:
    outputs: {artifacts: {best: {artifactSelectors: [{producerSubtask: a, outputArtifactKey: model}]}}}
    tasks:
      a: {componentRef: {name: comp-a}, inputs: {parameters: {n: {runtimeValue: {constant: 1}}}}, taskInfo: {name: a}}
      b:
        componentRef: {name: comp-a}
        dependentTasks: [a]
        inputs:
          artifacts: {data: {taskOutputArtifact: {producerTask: i, outputArtifactKey: artifact}}}
          parameters: {n: {taskOutputParameter: {producerTask: a, outputParameterKey: count}}, x: {componentInputParameter: size}}
        taskInfo: {name: b}
        triggerPolicy: {condition: "int(inputs.parameter_values['x']) > 3"}
      i: {componentRef: {name: comp-i}, inputs: {parameters: {uri: {runtimeValue: {constant: 'gs://b'}}}}, taskInfo: {name: i}}
      loop:
        componentRef: {name: comp-loop}
        inputs: {parameters: {list: {componentInputParameter: xs}}}
        parameterIterator: {itemInput: item, items: {inputParameter: list}}
        taskInfo: {name: loop}
  inputDefinitions:
    parameters:
      size: {parameterType: NUMBER_INTEGER, defaultValue: 2}
      xs: {parameterType: LIST, isOptional: true}
  outputDefinitions: {artifacts: {best: {artifactType: {schemaTitle: system.Model}}}}
schemaVersion: 2.1.0
`;
const platform = `---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-a:
          activeDeadlineSeconds: '5'
          secretAsEnv: [{keyToEnv: [{envVar: A, secretKey: b}], optional: false, secretName: s}]
`;

function faultsOf(text: string): string[] {
  try {
    readPipelineDocument(text, 'p.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof UserErrors)) throw error;
    return error.errors.map(
      ({ code, at, problem }) =>
        `${code} ${text.split('\n')[(at?.line ?? 0) - 1]?.trim().split(/[:{]/)[0] ?? ''}|${at?.column}: ${problem}`,
    );
  }
}

test('the document is sound', () => {
  expect(faultsOf(document + platform)).toEqual([]);
});

test.each([
  ['constant: 1}', "constant: x}", 'FER3003 a|92: the constant of the input "n" is no NUMBER_INTEGER: "x"'],
  ['constant: 1}', "constant: 1.5}", 'is no NUMBER_INTEGER: 1.5'],
  ['constant: 1}', "constant: [1]}", 'is no NUMBER_INTEGER: [1]'],
  ['defaultValue: 3', 'defaultValue: true', 'FER3003 n|58: the default of the input "n" is no NUMBER_INTEGER: true'],
  [", inputs: {parameters: {uri: {runtimeValue: {constant: 'gs://b'}}}}", '', 'FER3005 i|10: the task lacks the input "uri" of its component'],
  ['outputParameterKey: count}}, x', 'outputParameterKey: flag}}, x', 'FER3003 parameters|27: the input "n" takes a NUMBER_INTEGER, and is given a BOOLEAN'],
  ['outputParameterKey: count}}, x', 'outputParameterKey: sum}}, x', 'there is no output parameter "sum" of the task "a", whose output parameters are count, flag'],
  ['outputParameterKey: count}}, x', 'outputParameterKey: model}}, x', '"model" of the task "a" is no output parameter: it is one of the artifacts'],
  ['producerTask: a,', 'producerTask: c,', 'there is no task "c"'],
  ['producerTask: i,', 'producerTask: c,', 'there is no task "c"'],
  ['outputArtifactKey: artifact', 'outputArtifactKey: x', 'there is no output artifact "x" of the task "i", whose output artifacts are artifact'],
  ['componentInputParameter: size', 'componentInputParameter: sise', 'there is no input parameter "sise" of the component around, whose input parameters are size, xs'],
  ['{n: {taskOutput', '{data: {taskOutput', 'the input "data" is an artifact, and is given a parameter'],
  ['artifacts: {data: {task', 'artifacts: {n: {task', 'the input "n" is a parameter, and is given an artifact'],
  ['runtimeValue: {constant: 1}', '', 'FER3002 a|66: the input does not say where its value comes from'],
  ['{condition: "int(', '{condition: "int((', 'FER3007 triggerPolicy|36: the condition does not read: '],
  ["parameter_values['x']", "parameter_values['y']", 'FER3005 triggerPolicy|36: the condition looks at the input "y" of the task, whose input parameters are n, x'],
  ['inputParameter: list', '', 'FER3002 parameterIterator|53: the iterator has no items'],
  ['inputParameter: list', 'inputParameter: lists', 'the iterator takes its items from the input "lists" of the task, whose input parameters are list'],
  ['inputParameter: list', "raw: '{}'", 'the items of the iterator are no list in JSON'],
  ['itemInput: item', 'itemInput: it', 'the iterator puts items into the input "it" of the component, whose inputs are item'],
  ['outputArtifactKey: model', 'outputArtifactKey: modle', 'there is no output artifact "modle" of the task "a", whose output artifacts are model'],
  ['artifacts: {best: {artifactSelectors: [{producerSubtask: a, outputArtifactKey: model}]}}', '', 'FER3005 outputs|5: the output "best" is declared, and no task gives it'],
  ['runtimeParameter: uri', 'runtimeParameter: url', 'there is no input parameter "url" of the component of this importer'],
  ['executorLabel: exec-i', 'dag: {tasks: {x: {componentRef: {name: comp-i}}}}', 'FER3005 comp-i|3: components contain each other in a circle: comp-i -> comp-i'],
  ['executorLabel: exec-i', '', 'the component has neither a dag nor an executorLabel'],
  ['parameterType: NUMBER_INTEGER, defaultValue: 3', 'defaultValue: 3', 'components.comp-a.inputDefinitions.parameters.n lacks the field "parameterType"'],
  ['exec-a:\n          active', 'exec-b:\n          active', 'FER3005 exec-b|9: there is no executor "exec-b" in the pipeline'],
  ["'5'", "'5s'", `activeDeadlineSeconds must be a whole number, not "5s"`],
  ['secretKey: b', 'secretkey: b', 'keyToEnv.0 has no field "secretkey"'],
  ['optional: false', 'optional: no way', 'secretAsEnv.0.optional must be true or false, not "no way"'],
  ['image: i}', 'image: i, image: j}', 'FER3001 exec-a|36: Map keys must be unique'],
  ['pipelineInfo: {name: p}', 'pipelineInfo: &a {name: p, description: *b}', 'FER3001 '],
  ['constant: 1}', 'constant: .nan}', 'runtimeValue.constant is NaN, which JSON does not have'],
  ['constant: 1}', 'constant: "\\ud800"}', 'holds half of a surrogate pair'],
])('%s -> %s', (from, to, fault) => {
  const text = document + platform;
  expect(text).toContain(from);
  const faults = faultsOf(text.replace(from, to));
  expect(faults.join('\n')).toContain(fault);
}); // prettier-ignore

test('what is merged into a map is part of it', () => {
  expect(faultsOf(document.replace('image: i}', '<<: {image: i}}'))).toEqual([]);
});

test('several faults are told from the top of the document to its end, each once', () => {
  const text = document
    .replace('constant: 1}', 'constant: x}')
    .replace('componentInputParameter: size', 'componentInputParameter: sise')
    .replaceAll('producerTask: i,', 'producerTask: j,');
  expect(faultsOf(text).map((fault) => fault.split(' ')[0])).toEqual(['FER3003', 'FER3005', 'FER3005']);
});

test('a JSON document has the same faults at their places, and keys that are there twice', () => {
  const text =
    '{\n  "pipelineInfo": {"name": "p", "name": "q"},\n  "deploymentSpec": {}, "root": {"dag": {}}, "schemaVersion": "2.1.0"\n}';
  const read = () => readPipelineDocument(text, 'p.json');
  expect(read).toThrow(/FER3001 {2}Map keys must be unique\n {2}at p\.json:2:33/);
});

test('a JSON document is read as JSON: its numbers, tabs and escapes', () => {
  const defaultValue = { big: 1e21, small: 1.5e-7, plain: '1e3', yes: 'yes', text: '\u2028 🦉 / \t' };
  const spec = {
    pipelineInfo: { name: 'p' },
    deploymentSpec: {},
    root: { dag: {}, inputDefinitions: { parameters: { a: { parameterType: 'STRUCT', defaultValue } } } },
    schemaVersion: '2.1.0',
  };
  const text = JSON.stringify(spec, null, '\t')
    .replace('1e+21', '1E21')
    .replaceAll('/', '\\/')
    .replace('🦉', '\\ud83e\\udd89');
  expect(readPipelineDocument(text, 'p.json').spec).toEqual(spec);
  const wrong = text.replace('"dag"', '"dga"');
  expect(() => readPipelineDocument(wrong, 'p.json')).toThrow(/root has no field "dga"\n {2}at p\.json:7:3/);
});
