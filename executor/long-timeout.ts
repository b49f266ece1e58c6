/** Timers of any length: an attempt's timeout may be weeks. */

/** The longest a timer of the platform takes, in milliseconds: a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** Calls back after so many milliseconds, unless it is stopped. */
export function longTimeout(milliseconds: number, onEnd: () => void): { readonly stop: () => void } {
  let timer: NodeJS.Timeout;
  const start = (left: number): void => {
    const step = Math.min(left, longestTimer);
    timer = setTimeout(() => (left > step ? start(left - step) : onEnd()), step);
  };
  start(milliseconds);
  return { stop: () => clearTimeout(timer) };
}
