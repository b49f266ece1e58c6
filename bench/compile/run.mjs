// Compile time of the whole process, beside `kfp dsl compile`: three steps warm and cold, chains, then loops in conditions.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kfpPython, report, takeTurns, timeProcess } from '../measure.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const ferrule = join(root, 'bin', 'ferrule.mjs');
const python = kfpPython();
const folder = mkdtempSync(join(root, 'bench', '.compile-'));
const rounds = Number(process.env.ROUNDS ?? 7);

const environment = { ...process.env, FERRULE_NO_BUILD: '1' };
const compileOurs = (file) =>
  timeProcess([process.execPath, ferrule, 'compile', file, '-o', `${file}.yaml`], {
    cwd: folder,
    env: environment,
  }).seconds;
const compileTheirs = (file) =>
  timeProcess([join(dirname(python), 'kfp'), 'dsl', 'compile', '--py', file, '--output', `${file}.yaml`], {
    cwd: folder,
  }).seconds;

function write(name, text) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const threeStepsTs = (
  edit,
) => `import { component, pipeline, int, type Dataset, type Int, type Model, type Metrics } from 'ferrule';
export const prep = component({}, async ({ bucket, seed = 42 }: { bucket: string; seed?: Int }, out: { train: Dataset; test: Dataset }) => { out.train.metadata['b'] = bucket + seed; });
export const train = component({}, async ({ train, epochs = 10 }: { train: Dataset; epochs?: Int }, out: { model: Model }): Promise<{ loss: number }> => ({ loss: epochs }));
export const evaluate = component({}, async (i: { model: Model; test: Dataset }, out: { metrics: Metrics }): Promise<{ accuracy: number }> => { out.metrics.log('a', 1); return { accuracy: 1 }; });
export default pipeline('three-steps', { bucket: 'b', epochs: int(${edit}) }, ({ bucket, epochs }) => {
  const data = prep({ bucket });
  const trained = train({ train: data.outputs.train, epochs });
  const tested = evaluate({ model: trained.outputs.model, test: data.outputs.test });
  return { accuracy: tested.outputs.accuracy };
});
`;
const threeStepsPy = `from kfp import dsl
from kfp.dsl import Dataset, Input, Metrics, Model, Output

@dsl.component
def prep(bucket: str, train: Output[Dataset], test: Output[Dataset], seed: int = 42):
    train.metadata['b'] = bucket

@dsl.component
def train(train: Input[Dataset], model: Output[Model], epochs: int = 10) -> float:
    return 1.0

@dsl.component
def evaluate(model: Input[Model], test: Input[Dataset], metrics: Output[Metrics]) -> float:
    return 1.0

@dsl.pipeline(name='three-steps')
def three(bucket: str = 'b', epochs: int = 10) -> float:
    data = prep(bucket=bucket)
    trained = train(train=data.outputs['train'], epochs=epochs)
    return evaluate(model=trained.outputs['model'], test=data.outputs['test']).outputs['Output']
`;
const chainTs = (length) => `import { component, pipeline, int, type Int } from 'ferrule';
export const step = component({ image: 'step' }, (i: { n: Int }): { n: Int } => ({ n: i.n }));
export default pipeline('chain', { n: int(1) }, ({ n }) => {
  let last = step({ n });
  for (let i = 1; i < ${length}; i += 1) last = step({ n: last.outputs.n });
});
`;
const chainPy = (length) => `from kfp import dsl

@dsl.component
def step(n: int) -> int:
    return n

@dsl.pipeline(name='chain')
def chain(n: int = 1):
    last = step(n=n)
    for _ in range(${length - 1}):
        last = step(n=last.output)
`;
/** Ten tasks a nest: five in a loop in a condition, five more in a condition in there. */
const nestsTs = (
  count,
) => `import { component, forEach, gt, int, pipeline, when, type Int, type Ref } from 'ferrule';
export const step = component({ image: 'step' }, (i: { n: Int }): { n: Int } => ({ n: i.n }));
const five = (from: Ref<Int>): Ref<Int> => {
  let last = from;
  for (let i = 0; i < 5; i += 1) last = step({ n: last }).outputs.n;
  return last;
};
export default pipeline('nests', { n: int(1), items: [int(1)] }, ({ n, items }) => {
  for (let i = 0; i < ${count / 10}; i += 1)
    when(gt(n, i), () => forEach(items, (item) => {
      const last = five(item);
      when(gt(last, 1), () => void five(last));
    }));
});
`;
const nestsPy = (count) => `from typing import List
from kfp import dsl

@dsl.component
def step(n: int) -> int:
    return n

def five(last):
    for _ in range(5):
        last = step(n=last).output
    return last

@dsl.pipeline(name='nests')
def nests(n: int = 1, items: List[int] = [1]):
    for i in range(${count / 10}):
        with dsl.If(n > i):
            with dsl.ParallelFor(items) as item:
                last = five(item)
                with dsl.If(last > 1):
                    five(last)
`;

try {
  write('package.json', '{"type":"module"}');
  const py = write('three.py', threeStepsPy);
  const ts = write('three.ts', threeStepsTs(10));
  let edit = 0;
  compileOurs(ts);
  report(
    'three steps, whole process',
    await takeTurns(
      {
        kfp: () => compileTheirs(py),
        'ferrule, nothing edited': () => compileOurs(ts),
        'ferrule, pipeline edited': () => compileOurs(write('three.ts', threeStepsTs((edit += 1)))),
        'ferrule, cold': () => {
          rmSync(join(folder, '.ferrule'), { recursive: true, force: true });
          return compileOurs(ts);
        },
      },
      rounds,
    ),
    'kfp',
  );
  for (const length of [200, 1000]) {
    const chain = {
      ts: write(`chain${length}.ts`, chainTs(length)),
      py: write(`chain${length}.py`, chainPy(length)),
    };
    const results = await takeTurns(
      { kfp: () => compileTheirs(chain.py), ferrule: () => compileOurs(chain.ts) },
      3,
    );
    report(`${length} tasks`, results, 'kfp');
  }
  for (const count of [200, 1000]) {
    const nests = {
      ts: write(`nests${count}.ts`, nestsTs(count)),
      py: write(`nests${count}.py`, nestsPy(count)),
    };
    const results = await takeTurns(
      { kfp: () => compileTheirs(nests.py), ferrule: () => compileOurs(nests.ts) },
      3,
    );
    report(`${count} tasks in loops in conditions`, results, 'kfp');
  }
  for (const length of [1000, 2000, 5000]) {
    const file = write(`long${length}.ts`, chainTs(length));
    const { ferrule: times } = await takeTurns({ ferrule: () => compileOurs(file) }, 3);
    console.log(
      `  ferrule, ${String(length).padStart(4)} tasks: ${times.median.toFixed(3)} s, ${((times.median / length) * 1000).toFixed(2)} ms a task`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
