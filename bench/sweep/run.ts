// npm run bench -- sweep [seeds] [trials] [table.csv]
// Searches the same spaces with random search, our TPE and Optuna's, and compares how near each comes to the least value.
// FERRULE_OPTUNA_PYTHON names a Python with optuna. The table is wine quality, of UCI: a real training is searched too.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { randomSearch } from '../../sweep/methods/random-search.ts';
import { tpe } from '../../sweep/methods/tpe.ts';
import type { Observation, Question } from '../../sweep/methods/proposal.ts';
import type { Configuration } from '../../sweep/space.ts';
import { functions, type TestFunction } from './functions.ts';
import { wineTraining } from './wine.ts';

const seeds = Number(process.argv[2] ?? 20);
const trials = Number(process.argv[3] ?? 100);
const table = process.argv[4];
const python = process.env['FERRULE_OPTUNA_PYTHON'];
const peer = join(import.meta.dirname, '..', '..', 'bench', 'sweep', 'peer.py');

interface Searched {
  readonly name: string;
  readonly space: TestFunction['space'];
  readonly least: number;
  readonly at: (configuration: Configuration) => number | Promise<number>;
}

/** Gives the best value that each seed comes to. @param parallel trials that are under way at a time */
async function ours(
  propose: (question: Question) => Configuration | undefined,
  { space, at }: Searched,
  parallel: number,
  count: number,
): Promise<number[]> {
  const bests: number[] = [];
  const window = 2 * parallel - 1;
  for (let seed = 0; seed < seedsOf(count); seed++) {
    const done: { readonly number: number; readonly configuration: Configuration; readonly value: number }[] =
      [];
    for (let number = 0; number < count; number++) {
      const known = done.slice(0, Math.max(0, number - window + 1)).toSorted((a, b) => a.value - b.value);
      const ranks = new Map(known.map((one, rank) => [one.number, rank]));
      const before = done.map((one): Observation => {
        const rank = ranks.get(one.number);
        return { number: one.number, configuration: one.configuration, ...(rank !== undefined && { rank }) };
      });
      const configuration = propose({ space, seed, number, before });
      if (configuration === undefined) break;
      done.push({ number, configuration, value: await at(configuration) });
    }
    bests.push(Math.min(...done.map(({ value }) => value)));
  }
  return bests;
}

/** The same of Optuna, whose process asks this one for values. */
async function optunas(
  { space, at }: Searched,
  multivariate: boolean,
  parallel: number,
  count: number,
): Promise<number[]> {
  const options = { space, seeds: seedsOf(count), trials: count, multivariate, parallel };
  const child = spawn(python ?? '', [peer, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const bests: number[] = [];
  let answered = 0;
  let best = Number.POSITIVE_INFINITY;
  for await (const line of createInterface(child.stdout)) {
    const value = await at(JSON.parse(line) as Configuration);
    best = Math.min(best, value);
    child.stdin.write(`${value}\n`);
    answered += 1;
    if (answered % count > 0) continue;
    bests.push(best);
    best = Number.POSITIVE_INFINITY;
  }
  return bests;
}

function seedsOf(count: number): number {
  return count === trials ? seeds : Math.ceil(seeds / 4);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** How often the first is better than the second: 0.5 where neither is. */
function winRate(first: readonly number[], second: readonly number[]): number {
  const pairs = first.flatMap((a) => second.map((b) => (a < b ? 1 : a === b ? 0.5 : 0)));
  return pairs.reduce<number>((sum, one) => sum + one, 0) / pairs.length;
}

async function compare(searched: Searched, count: number, parallel: number): Promise<void> {
  const random = await ours(randomSearch, searched, parallel, count);
  const own = await ours(tpe, searched, parallel, count);
  const peers =
    python === undefined
      ? []
      : [await optunas(searched, false, parallel, count), await optunas(searched, true, parallel, count)];
  const distances = [random, own, ...peers].map((values) => (median(values) - searched.least).toPrecision(3));
  const wins = [random, ...peers].map((values) => winRate(own, values).toFixed(2));
  console.log(`| ${searched.name} | ${parallel} | ${distances.join(' | ')} | ${wins.join(' | ')} |`);
}

console.log(
  '| searched | at a time | random | ours | Optuna | Optuna, multivariate | ours better than random | than Optuna | than Optuna, multivariate |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
for (const searched of functions) await compare(searched, trials, 1);
for (const searched of functions) await compare(searched, trials, 4);
if (table !== undefined) await compare(await wineTraining(table), 30, 1);
