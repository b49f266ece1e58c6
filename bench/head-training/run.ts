// npm run bench -- head-training [hidden units] [rounds]
// Trains the same head on the same features with Ferrule, scikit-learn, numpy and PyTorch, one after the other in turns.
// FERRULE_ORACLE_PYTHON names a Python with scikit-learn and numpy; PyTorch is compared where it is installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freshStart } from '../../components/train/checkpoint.ts';
import type { Features } from '../../components/train/features.ts';
import { fit } from '../../components/train/fit.ts';
import { randomOf } from '../../components/train/random.ts';

const [hiddenUnits = 256, rounds = 3] = process.argv.slice(2).map(Number);
const rows = 4000;
const width = 1280;
const classes = 11;
const epochs = 10;
const batch = 32;
const rate = 1e-3;

const random = randomOf('bench');
const features = new Float32Array(rows * width);
const labels = Uint8Array.from({ length: rows }, (_, row) => row % classes);
for (const [row, label] of labels.entries())
  for (let column = 0; column < width; column++) {
    const signal = (column * 7 + label * 13) % classes === 0 ? 0.3 : 0;
    // Pooled features of a backbone are like this: none below zero, half of them small.
    features[row * width + column] = Math.max(0, random.next() - 0.5 + signal);
  }

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
writeFileSync(join(folder, 'features.f32'), features);
writeFileSync(join(folder, 'labels.u8'), labels);

interface Timing {
  readonly seconds: number;
  readonly loss: number;
}

async function ferrule(): Promise<Timing> {
  const held: Features = {
    dims: [width],
    views: 1,
    at: (row) => features.subarray(row * width, (row + 1) * width),
  };
  const photographs = [...labels].map((label) => ({ path: '', label }));
  const classifier = {
    featureDims: [width],
    trained: undefined,
    head: { features: width, hiddenUnits, classes },
  };
  const start = performance.now();
  const { history } = await fit({
    classifier,
    train: { photographs, features: held },
    // The others look at no validation data either; one row keeps the code on its usual way.
    validation: { photographs: photographs.slice(0, 1), features: held },
    settings: {
      epochs,
      batchSize: batch,
      learningRate: rate,
      schedule: 'constant',
      scheduleEpochs: 0,
      dropout: 0,
      labelSmoothing: 0,
      classWeights: 'none',
      hiddenUnits,
      weightDecay: 0,
      augment: false,
      fineTuneBlocks: 0,
      patience: 0,
      seed: 1,
    },
    provider: 'cpu',
    start: freshStart(classifier, 1),
    signal: new AbortController().signal,
    onEpoch: () => undefined,
  });
  return { seconds: (performance.now() - start) / 1000, loss: history.at(-1)?.loss ?? Number.NaN };
}

function peer(name: string): Timing | undefined {
  const python = process.env['FERRULE_ORACLE_PYTHON'] ?? 'python3';
  const script = new URL('../../bench/head-training/peers.py', import.meta.url).pathname;
  const args = [script, name, folder, rows, width, classes, hiddenUnits, epochs, batch, rate].map(String);
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' });
  if (status === 0) return JSON.parse(stdout) as Timing;
  console.error(`${name}: left out (${stderr.trim().split('\n').at(-1) ?? 'no Python'})`);
  return undefined;
}

const contestants: Record<string, () => Promise<Timing | undefined>> = { ferrule };
for (const name of ['scikit-learn', 'numpy', 'torch']) contestants[name] = () => Promise.resolve(peer(name));

const best = new Map<string, Timing>();
for (let round = 0; round < rounds; round++)
  for (const [name, run] of Object.entries(contestants)) {
    const timing = await run();
    if (timing !== undefined && timing.seconds < (best.get(name)?.seconds ?? Number.POSITIVE_INFINITY))
      best.set(name, timing);
  }
rmSync(folder, { recursive: true });

const own = best.get('ferrule')?.seconds ?? Number.NaN;
console.log(`${rows} x ${width} features, ${classes} classes, hidden ${hiddenUnits}, batch ${batch}, Adam;`);
console.log(`${epochs} epochs, the fastest of ${rounds} rounds`);
for (const [name, { seconds, loss }] of best)
  console.log(
    `${name.padEnd(14)}${seconds.toFixed(2).padStart(7)} s   ${(seconds / own).toFixed(2)} x ferrule's time   loss ${loss.toFixed(3)}`,
  );
