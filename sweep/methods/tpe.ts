/** The tree-structured Parzen estimator (Bergstra et al. 2011), over all parameters together. */
import { randomOf, type Random } from '../random.ts';
import { configure, valueAt, type Configuration, type Space } from '../space.ts';
import { parzen } from './parzen.ts';
import type { Observation, Question } from './proposal.ts';
import { untried } from './random-search.ts';

/** Trials that are spread over the space before anything is learnt. */
const startupTrials = 10;
/** Configurations that are drawn for each proposal. */
const candidates = 24;
/** Share of the trials that counts as good: with more of them the search is bolder, with fewer it settles sooner. */
const goodShare = 0.15;
/** Most trials that count as good. */
const mostGood = 25;
/** Trials from which on older ones weigh less. */
const rampFrom = 25;

/**
 * Proposes the configuration that is likelier among good trials than among all others. Trials that failed or have no
 * result yet count as not good, so that trials at the same time go to different places.
 */
export function tpe(question: Question): Configuration | undefined {
  const { space, seed, number, before } = question;
  const known = before.filter(({ rank }) => rank !== undefined);
  if (number < startupTrials || known.length === 0)
    return untried(question, (attempt) =>
      attempt === 0
        ? stratified(space, seed, number)
        : anywhere(space, randomOf(seed, 'again', number, attempt)),
    );
  const count = Math.min(mostGood, Math.ceil(goodShare * known.length));
  const ranked = known.toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
  const good = new Set(ranked.slice(0, count));
  const [likely, unlikely] = [densityOf(space, before, good), densityOf(space, before, good, false)];
  const random = randomOf(seed, 'tpe', number);
  const drawn = Array.from({ length: candidates }, () => likely.sample(random));
  const best = drawn
    .map((configuration) => ({
      configuration,
      gain: likely.log(configuration) - unlikely.log(configuration),
    }))
    .toSorted((a, b) => b.gain - a.gain);
  return untried(question, (attempt) =>
    attempt < best.length
      ? best[attempt]?.configuration
      : anywhere(space, randomOf(seed, 'again', number, attempt)),
  );
}

function densityOf(
  space: Space,
  before: readonly Observation[],
  good: ReadonlySet<Observation>,
  wanted = true,
): ReturnType<typeof parzen> {
  const seen = before
    .filter((observation) => good.has(observation) === wanted)
    .map((one) => one.configuration);
  return parzen(space, seen, weightsOf(seen.length));
}

/** Weighs the newest alike, and those before them less and less. */
function weightsOf(count: number): readonly number[] {
  const old = Math.max(0, count - rampFrom);
  return Array.from({ length: count }, (_, at) =>
    at >= old || old < 2 ? 1 : 1 / count + (at / (old - 1)) * (1 - 1 / count),
  );
}

function anywhere(space: Space, random: Random): Configuration {
  return configure(space, ({ dimension }) => valueAt(dimension, random.next()));
}

/** Spreads the first trials: of each parameter every stretch is tried once (a Latin hypercube). */
function stratified(space: Space, seed: number, number: number): Configuration {
  const round = Math.floor(number / startupTrials);
  return configure(space, ({ name, dimension }) => {
    const order = shuffled(startupTrials, randomOf(seed, 'strata', round, name));
    const stretch = order[number % startupTrials] ?? 0;
    return valueAt(dimension, (stretch + randomOf(seed, 'startup', number, name).next()) / startupTrials);
  });
}

function shuffled(count: number, random: Random): readonly number[] {
  return Array.from({ length: count }, (_, index) => ({ index, key: random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ index }) => index);
}
