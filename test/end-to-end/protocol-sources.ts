/** A pipeline for KFP's own launcher, as the texts of its files. */
const shellImage = process.env['FERRULE_TEST_SHELL_IMAGE'] ?? '';
export const pythonImage = process.env['FERRULE_TEST_PYTHON_IMAGE'];

/** Two components of one body: one with an image of its own, one whose code travels in the spec. */
export const stepsOf = (repository: string): string => `
import { component, container, type Artifact, type Dataset, type FinalStatus, type Int, type JsonValue, type Metrics, type Model } from 'ferrule';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
interface In {
  readonly text: string; readonly n: Int; readonly x: number; readonly flag: boolean;
  readonly items: readonly JsonValue[]; readonly deep: Readonly<Record<string, JsonValue>>;
  readonly template: string; readonly fallback?: string; readonly absent?: string;
  readonly data: Dataset; readonly many: readonly Dataset[]; readonly model: Model; readonly folder: Artifact;
}
interface Out { readonly report: Dataset; readonly metrics: Metrics }
interface Returned { text: string; n: Int; x: number; flag: boolean; items: readonly JsonValue[]; deep: Readonly<Record<string, JsonValue>>; template: string; fallback: string }
function work(inputs: In, out: Out): Returned {
  const { data, many, model, folder, absent, fallback = 'from the code', ...values } = inputs;
  const report = {
    data: readFileSync(data.path, 'utf8'), rows: data.metadata['rows'], uri: data.uri,
    many: many.map(({ path }) => readFileSync(path, 'utf8')),
    model: readFileSync(model.path + '/weights', 'utf8'),
    folder: readdirSync(folder.path).sort(),
    absent: absent ?? null,
  };
  writeFileSync(out.report.path, JSON.stringify(report));
  out.report.metadata['rows'] = 3;
  out.report.metadata['made by'] = 'test "quotes"';
  out.metrics.log('accuracy', 0.5);
  console.log('working in ' + process.cwd() + ' as ' + process.env['GREETING']);
  return { ...values, fallback };
}
/** In an image of its own. */
export const imaged = component({ image: '${repository}/protocol:1', env: { GREETING: 'hello' } },
  async (inputs: In, out: Out): Promise<Returned> => work(inputs, out));
/** With its code in the spec. */
export const carried = component({ env: { GREETING: 'hello' } },
  async (inputs: In, out: Out): Promise<Returned> => work(inputs, out));
/** Fails. */
export const failing = component({}, async ({ why }: { readonly why: string }): Promise<string> => { throw new Error(why); });
/** Is told how others ended. */
export const report = component({}, async ({ status }: { readonly status: FinalStatus }): Promise<string> =>
  status.pipelineTaskName + ' ' + status.state + ' ' + JSON.stringify(status.error));
interface Measured { readonly n: Int; readonly items: readonly Int[]; readonly data: Dataset }
/** Is a program of others. */
export const measure = container<Measured, { readonly lines: Int; readonly told: string; readonly copy: Dataset }>(
  ({ n, items, data }, { lines, told, copy }) => ({
    image: '${shellImage}',
    command: ['sh', '-c', 'cp "$1" "$2" && wc -l < "$1" > "$3" && printf "%s|" "$@" > "$4"', 'measure'],
    args: [data.path, copy.path, lines.path, told.path, n, items, \`--uri=\${data.uri}\`, copy.uri],
  }));
/** Has neither inputs nor outputs. */
export const empty = component({}, async () => { console.log('nothing to do'); });
`;

export const pipelineSource = `
import { int, onExit, pipeline, required, type Artifact, type Dataset, type Model } from 'ferrule';
import { carried, empty, failing, imaged, measure, report } from './steps.ts';
export default pipeline('protocol', { data: required<Dataset>(), many: required<readonly Dataset[]>(), model: required<Model>(), folder: required<Artifact>() }, (given) => {
  const values = { text: 't', n: int(1), x: 0.5, flag: true, items: [1], deep: { a: 1 }, template: '' };
  imaged({ ...values, ...given });
  carried({ ...values, ...given });
  failing({ why: 'no reason' });
  onExit(report({}), () => { empty({}); });
  measure({ n: int(1), items: [int(1)], data: given.data });
});
`;

/** The same component in Python. */
export const pythonSource = `
import json
from typing import List, NamedTuple, Optional
from kfp import dsl
@dsl.component(base_image='${pythonImage ?? ''}', install_kfp_package=False)
def carried(text: str, n: int, x: float, flag: bool, items: list, deep: dict, template: str,
            data: dsl.Input[dsl.Dataset], many: dsl.Input[List[dsl.Dataset]], model: dsl.Input[dsl.Model], folder: dsl.Input[dsl.Artifact],
            report: dsl.Output[dsl.Dataset], metrics: dsl.Output[dsl.Metrics],
            fallback: str = 'from the code', absent: Optional[str] = None,
            ) -> NamedTuple('Returned', [('text', str), ('n', int), ('x', float), ('flag', bool), ('items', list), ('deep', dict), ('template', str), ('fallback', str)]):
    import json, os
    read = lambda path: open(path).read()
    told = {'data': read(data.path), 'rows': data.metadata['rows'], 'uri': data.uri, 'many': [read(one.path) for one in many],
            'model': read(model.path + '/weights'), 'folder': sorted(os.listdir(folder.path)), 'absent': absent}
    with open(report.path, 'w') as file:
        file.write(json.dumps(told, separators=(',', ':'), ensure_ascii=False))
    report.metadata['rows'] = 3
    report.metadata['made by'] = 'test "quotes"'
    metrics.log_metric('accuracy', 0.5)
    print('working in ' + os.getcwd() + ' as ' + os.environ['GREETING'])
    return (text, n, x, flag, items, deep, template, fallback)
@dsl.pipeline(name='protocol')
def main(data: dsl.Input[dsl.Dataset], many: dsl.Input[List[dsl.Dataset]], model: dsl.Input[dsl.Model], folder: dsl.Input[dsl.Artifact]):
    carried(text='t', n=1, x=0.5, flag=True, items=[1], deep={'a': 1}, template='', data=data, many=many, model=model,
            folder=folder).set_env_variable('GREETING', 'hello')
`;
