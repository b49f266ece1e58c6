/** Finds the values that an axis of numbers is marked at: round ones, that people know by sight. */

/** Most marks of an axis. */
const mostTicks = 7;

/**
 * Lists round numbers from `low` to `high`, ends included where they are round: decades where ratios count alike (steps of
 * 1, 2 and 5 where there is less than one decade), else equal steps.
 */
export function roundTicks(low: number, high: number, log: boolean, whole: boolean): readonly number[] {
  if (!(low < high)) return [low];
  if (log) {
    const decades = ratioTicks(low, high, [1]);
    if (decades.length >= 2) return thinned(decades);
    const between = ratioTicks(low, high, [1, 2, 5]);
    if (between.length >= 2) return between;
  }
  const even = evenTicks(low, high, whole);
  return even.length > 0 ? even : [low, high];
}

/** Lists each of `digits` in each decade that lies in the range. */
function ratioTicks(low: number, high: number, digits: readonly number[]): readonly number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    // As text, since the powers themselves are not exact.
    for (const digit of digits) ticks.push(Number(`${digit}e${power}`));
  return ticks.filter((tick) => tick >= low && tick <= high);
}

function evenTicks(low: number, high: number, whole: boolean): readonly number[] {
  const least = (high - low) / (mostTicks - 1);
  const power = Math.floor(Math.log10(least));
  const steps = [1, 2, 5, 10].map((digit) => Number(`${digit}e${power}`));
  const step = Math.max(whole ? 1 : 0, steps.find((one) => one >= least) ?? high - low);
  // Divisions are not exact: an end that is round stays one.
  const [from, to] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: to - from + 1 }, (_, index) => Number(((from + index) * step).toPrecision(12)));
}

/** Leaves out all but every second, third, ... where there would be too many. */
export function thinned<T>(ticks: readonly T[], most = mostTicks): readonly T[] {
  const every = Math.ceil(ticks.length / most);
  return ticks.filter((_, index) => index % every === 0);
}
