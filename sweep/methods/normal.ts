/** The normal distribution, as far as the estimators need it. */

/** The share of the standard normal distribution below `x`. */
export function normalBelow(x: number): number {
  return 0.5 * erfc(-x / Math.SQRT2);
}

/** The share between two places; as exact far out as in the middle. */
export function normalBetween(from: number, to: number): number {
  return from > 0 ? normalBelow(-from) - normalBelow(-to) : normalBelow(to) - normalBelow(from);
}

/** The logarithm of the density at `x`. */
export function logNormalDensity(x: number, mean: number, deviation: number): number {
  const z = (x - mean) / deviation;
  return -0.5 * z * z - Math.log(deviation) - 0.5 * Math.log(2 * Math.PI);
}

/** The complementary error function, with a relative error below 1.2e-7 everywhere (Press et al., Numerical Recipes). */
function erfc(x: number): number {
  const z = Math.abs(x);
  const t = 2 / (2 + z);
  const ty = 4 * t - 2;
  let d = 0;
  let dd = 0;
  for (let at = coefficients.length - 1; at > 0; at--) [d, dd] = [ty * d - dd + (coefficients[at] ?? 0), d];
  const result = t * Math.exp(-z * z + 0.5 * ((coefficients[0] ?? 0) + ty * d) - dd);
  return x >= 0 ? result : 2 - result;
}

const coefficients: readonly number[] = [
  -1.3026537197817094, 6.4196979235649e-1, 1.9476473204185836e-2, -9.561514786808631e-3, -9.46595344482036e-4,
  3.66839497852761e-4, 4.2523324806907e-5, -2.0278578112534e-5, -1.624290004647e-6, 1.30365583558e-6,
  1.5626441722e-8, -8.5238095915e-8, 6.529054439e-9, 5.059343495e-9, -9.91364156e-10, -2.27365122e-10,
  9.6467911e-11, 2.394038e-12, -6.886027e-12, 8.94487e-13, 3.13092e-13, -1.12708e-13, 3.81e-16, 7.106e-15,
];
