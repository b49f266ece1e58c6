// Times programs side by side: they take turns, so that a busy machine slows all of them alike.
import { spawnSync } from 'node:child_process';

/** The middle value. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Runs a program to its end and gives its wall time in seconds; a failure ends the benchmark. */
export function timeProcess([program, ...args], options = {}) {
  const start = performance.now();
  const { status, stderr, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    ...options,
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return { seconds, stdout };
}

/** Lets contestants take turns `rounds` times; each gives seconds. Returns name -> { median, min, max }. */
export async function takeTurns(contestants, rounds) {
  const seconds = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, run] of Object.entries(contestants)) seconds[name].push(await run());
  return Object.fromEntries(
    Object.entries(seconds).map(([name, values]) => [
      name,
      { median: median(values), min: Math.min(...values), max: Math.max(...values) },
    ]),
  );
}

/** Prints one line a contestant: its times, and its ratio to the peer. */
export function report(title, results, peer) {
  console.log(`\n${title}`);
  for (const [name, { median: middle, min, max }] of Object.entries(results)) {
    const ratio = name === peer ? '' : `  ${(middle / results[peer].median).toFixed(2)} x ${peer}`;
    console.log(`  ${name.padEnd(28)} ${middle.toFixed(3)} s  (${min.toFixed(3)}-${max.toFixed(3)})${ratio}`);
  }
}

/** The Python that has kfp 2.17, or an end with one line. */
export function kfpPython() {
  const python = process.env.FERRULE_KFP_PYTHON;
  if (python === undefined) {
    console.error('set FERRULE_KFP_PYTHON to a Python that has kfp==2.17.0 installed');
    process.exit(1);
  }
  return python;
}
